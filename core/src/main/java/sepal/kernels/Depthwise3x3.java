package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The depthwise step of a 3 x 3 window with all nine taps inside the input, without a loop over the
 * taps. Sums run over the taps in the same order as everywhere else, so the bits are the same.
 */
final class Depthwise3x3 {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private Depthwise3x3() {}

  /**
   * channels_last, four neighbouring outputs, strides and dilation 1 along the row: they share
   * their inputs.
   *
   * @param input where the first tap of the first output reads channel 0
   * @param row how far apart the rows of taps lie
   */
  static void neighbours(
      float[] x,
      int input,
      int row,
      float[] weights,
      int weight,
      int channels,
      float[] init,
      int initAt,
      int initColumn,
      float[] low,
      float[] out,
      int outAt,
      int outStep) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      int w = weight + c;
      FloatVector s0 = FloatVector.fromArray(SPECIES, init, initAt + c * initColumn);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int at = input + c;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + channels);
      FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * channels);
      FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * channels);
      FloatVector x4 = FloatVector.fromArray(SPECIES, x, at + 4 * channels);
      FloatVector x5 = FloatVector.fromArray(SPECIES, x, at + 5 * channels);
      FloatVector v = FloatVector.fromArray(SPECIES, weights, w);
      s0 = x0.fma(v, s0);
      s1 = x1.fma(v, s1);
      s2 = x2.fma(v, s2);
      s3 = x3.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + channels);
      s0 = x1.fma(v, s0);
      s1 = x2.fma(v, s1);
      s2 = x3.fma(v, s2);
      s3 = x4.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 2 * channels);
      s0 = x2.fma(v, s0);
      s1 = x3.fma(v, s1);
      s2 = x4.fma(v, s2);
      s3 = x5.fma(v, s3);
      at += row;
      x0 = FloatVector.fromArray(SPECIES, x, at);
      x1 = FloatVector.fromArray(SPECIES, x, at + channels);
      x2 = FloatVector.fromArray(SPECIES, x, at + 2 * channels);
      x3 = FloatVector.fromArray(SPECIES, x, at + 3 * channels);
      x4 = FloatVector.fromArray(SPECIES, x, at + 4 * channels);
      x5 = FloatVector.fromArray(SPECIES, x, at + 5 * channels);
      v = FloatVector.fromArray(SPECIES, weights, w + 3 * channels);
      s0 = x0.fma(v, s0);
      s1 = x1.fma(v, s1);
      s2 = x2.fma(v, s2);
      s3 = x3.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 4 * channels);
      s0 = x1.fma(v, s0);
      s1 = x2.fma(v, s1);
      s2 = x3.fma(v, s2);
      s3 = x4.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 5 * channels);
      s0 = x2.fma(v, s0);
      s1 = x3.fma(v, s1);
      s2 = x4.fma(v, s2);
      s3 = x5.fma(v, s3);
      at += row;
      x0 = FloatVector.fromArray(SPECIES, x, at);
      x1 = FloatVector.fromArray(SPECIES, x, at + channels);
      x2 = FloatVector.fromArray(SPECIES, x, at + 2 * channels);
      x3 = FloatVector.fromArray(SPECIES, x, at + 3 * channels);
      x4 = FloatVector.fromArray(SPECIES, x, at + 4 * channels);
      x5 = FloatVector.fromArray(SPECIES, x, at + 5 * channels);
      v = FloatVector.fromArray(SPECIES, weights, w + 6 * channels);
      s0 = x0.fma(v, s0);
      s1 = x1.fma(v, s1);
      s2 = x2.fma(v, s2);
      s3 = x3.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 7 * channels);
      s0 = x1.fma(v, s0);
      s1 = x2.fma(v, s1);
      s2 = x3.fma(v, s2);
      s3 = x4.fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 8 * channels);
      s0 = x2.fma(v, s0);
      s1 = x3.fma(v, s1);
      s2 = x4.fma(v, s2);
      s3 = x5.fma(v, s3);
      FloatVector l = FloatVector.fromArray(SPECIES, low, 0);
      s0.blend(l, s0.compare(VectorOperators.LT, l)).intoArray(out, outAt + c);
      s1.blend(l, s1.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + outStep);
      s2.blend(l, s2.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + 2 * outStep);
      s3.blend(l, s3.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + 3 * outStep);
    }
  }

  /**
   * channels_last, four outputs of a row, any strides and dilation.
   *
   * @param step how far apart the inputs of neighbouring outputs lie
   * @param tap how far apart the inputs of neighbouring taps lie
   */
  static void apart(
      float[] x,
      int input,
      int row,
      int step,
      int tap,
      float[] weights,
      int weight,
      int channels,
      float[] init,
      int initAt,
      int initColumn,
      float[] low,
      float[] out,
      int outAt,
      int outStep) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      int w = weight + c;
      FloatVector s0 = FloatVector.fromArray(SPECIES, init, initAt + c * initColumn);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int at = input + c;
      FloatVector v = FloatVector.fromArray(SPECIES, weights, w);
      s0 = FloatVector.fromArray(SPECIES, x, at).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + tap).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 2 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + 2 * tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + 2 * tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + 2 * tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + 2 * tap).fma(v, s3);
      at += row;
      v = FloatVector.fromArray(SPECIES, weights, w + 3 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 4 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + tap).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 5 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + 2 * tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + 2 * tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + 2 * tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + 2 * tap).fma(v, s3);
      at += row;
      v = FloatVector.fromArray(SPECIES, weights, w + 6 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 7 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + tap).fma(v, s3);
      v = FloatVector.fromArray(SPECIES, weights, w + 8 * channels);
      s0 = FloatVector.fromArray(SPECIES, x, at + 2 * tap).fma(v, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step + 2 * tap).fma(v, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step + 2 * tap).fma(v, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step + 2 * tap).fma(v, s3);
      FloatVector l = FloatVector.fromArray(SPECIES, low, 0);
      s0.blend(l, s0.compare(VectorOperators.LT, l)).intoArray(out, outAt + c);
      s1.blend(l, s1.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + outStep);
      s2.blend(l, s2.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + 2 * outStep);
      s3.blend(l, s3.compare(VectorOperators.LT, l)).intoArray(out, outAt + c + 3 * outStep);
    }
  }

  /**
   * channels_first, a row of outputs.
   *
   * @param at where the taps read, from {@code planeAt} on
   * @param step how far apart the weights lie
   */
  static void row(
      float[] plane,
      int planeAt,
      int[] at,
      int count,
      float[] weights,
      int weight,
      int step,
      float init,
      float[] low,
      float[] out,
      int outAt) {
    FloatVector w0 = FloatVector.broadcast(SPECIES, weights[weight]);
    FloatVector w1 = FloatVector.broadcast(SPECIES, weights[weight + step]);
    FloatVector w2 = FloatVector.broadcast(SPECIES, weights[weight + 2 * step]);
    FloatVector w3 = FloatVector.broadcast(SPECIES, weights[weight + 3 * step]);
    FloatVector w4 = FloatVector.broadcast(SPECIES, weights[weight + 4 * step]);
    FloatVector w5 = FloatVector.broadcast(SPECIES, weights[weight + 5 * step]);
    FloatVector w6 = FloatVector.broadcast(SPECIES, weights[weight + 6 * step]);
    FloatVector w7 = FloatVector.broadcast(SPECIES, weights[weight + 7 * step]);
    FloatVector w8 = FloatVector.broadcast(SPECIES, weights[weight + 8 * step]);
    int p0 = planeAt + at[0];
    int p1 = planeAt + at[1];
    int p2 = planeAt + at[2];
    int p3 = planeAt + at[3];
    int p4 = planeAt + at[4];
    int p5 = planeAt + at[5];
    int p6 = planeAt + at[6];
    int p7 = planeAt + at[7];
    int p8 = planeAt + at[8];
    FloatVector start = FloatVector.broadcast(SPECIES, init);
    FloatVector l = FloatVector.fromArray(SPECIES, low, 0);
    for (int i = 0; i < count; i += LANES) {
      FloatVector s = FloatVector.fromArray(SPECIES, plane, p0 + i).fma(w0, start);
      s = FloatVector.fromArray(SPECIES, plane, p1 + i).fma(w1, s);
      s = FloatVector.fromArray(SPECIES, plane, p2 + i).fma(w2, s);
      s = FloatVector.fromArray(SPECIES, plane, p3 + i).fma(w3, s);
      s = FloatVector.fromArray(SPECIES, plane, p4 + i).fma(w4, s);
      s = FloatVector.fromArray(SPECIES, plane, p5 + i).fma(w5, s);
      s = FloatVector.fromArray(SPECIES, plane, p6 + i).fma(w6, s);
      s = FloatVector.fromArray(SPECIES, plane, p7 + i).fma(w7, s);
      s = FloatVector.fromArray(SPECIES, plane, p8 + i).fma(w8, s);
      s.blend(l, s.compare(VectorOperators.LT, l)).intoArray(out, outAt + i);
    }
  }
}
