package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The depthwise step of windows five taps wide on channels_last, with strides and dilation 1 along
 * the row.
 */
final class Depthwise5 {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;

  private Depthwise5() {}

  /**
   * Eight neighbouring outputs of a window five taps wide, one vector of channels: each input is
   * read once and added to all outputs that it belongs to.
   *
   * @param rows rows of taps inside the input
   * @param weight where their weights begin
   */
  static void eight(
      float[] x,
      int input,
      int rowStep,
      int rows,
      int channels,
      float[] weights,
      int weight,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int row = 0; row < rows; row++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight);
      FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight + channels);
      FloatVector w2 = FloatVector.fromArray(SPECIES, weights, weight + 2 * channels);
      FloatVector w3 = FloatVector.fromArray(SPECIES, weights, weight + 3 * channels);
      FloatVector w4 = FloatVector.fromArray(SPECIES, weights, weight + 4 * channels);
      FloatVector v = FloatVector.fromArray(SPECIES, x, input);
      s0 = v.fma(w0, s0);
      v = FloatVector.fromArray(SPECIES, x, input + channels);
      s0 = v.fma(w1, s0);
      s1 = v.fma(w0, s1);
      v = FloatVector.fromArray(SPECIES, x, input + 2 * channels);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w1, s1);
      s2 = v.fma(w0, s2);
      v = FloatVector.fromArray(SPECIES, x, input + 3 * channels);
      s0 = v.fma(w3, s0);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w1, s2);
      s3 = v.fma(w0, s3);
      v = FloatVector.fromArray(SPECIES, x, input + 4 * channels);
      s0 = v.fma(w4, s0);
      s1 = v.fma(w3, s1);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w1, s3);
      s4 = v.fma(w0, s4);
      v = FloatVector.fromArray(SPECIES, x, input + 5 * channels);
      s1 = v.fma(w4, s1);
      s2 = v.fma(w3, s2);
      s3 = v.fma(w2, s3);
      s4 = v.fma(w1, s4);
      s5 = v.fma(w0, s5);
      v = FloatVector.fromArray(SPECIES, x, input + 6 * channels);
      s2 = v.fma(w4, s2);
      s3 = v.fma(w3, s3);
      s4 = v.fma(w2, s4);
      s5 = v.fma(w1, s5);
      s6 = v.fma(w0, s6);
      v = FloatVector.fromArray(SPECIES, x, input + 7 * channels);
      s3 = v.fma(w4, s3);
      s4 = v.fma(w3, s4);
      s5 = v.fma(w2, s5);
      s6 = v.fma(w1, s6);
      s7 = v.fma(w0, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 8 * channels);
      s4 = v.fma(w4, s4);
      s5 = v.fma(w3, s5);
      s6 = v.fma(w2, s6);
      s7 = v.fma(w1, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 9 * channels);
      s5 = v.fma(w4, s5);
      s6 = v.fma(w3, s6);
      s7 = v.fma(w2, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 10 * channels);
      s6 = v.fma(w4, s6);
      s7 = v.fma(w3, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 11 * channels);
      s7 = v.fma(w4, s7);
      input += rowStep;
      weight += 5 * channels;
    }
    s0.intoArray(out, outAt);
    s1.intoArray(out, outAt + outStep);
    s2.intoArray(out, outAt + 2 * outStep);
    s3.intoArray(out, outAt + 3 * outStep);
    s4.intoArray(out, outAt + 4 * outStep);
    s5.intoArray(out, outAt + 5 * outStep);
    s6.intoArray(out, outAt + 6 * outStep);
    s7.intoArray(out, outAt + 7 * outStep);
  }
}
