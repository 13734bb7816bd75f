package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link DepthwiseBackward} for any window, on rows of a {@link Ring}. One loop
 * a method, see {@link Gemm}.
 */
final class TapSums {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private TapSums() {}

  /**
   * The results of a row: for each, the sum over the taps of value times weight.
   *
   * @param plane from the values of one vector of channels to those of the next
   * @param step from the values of one result to those of the next
   * @param taps where each tap reads the values and the weights
   */
  static void row(
      Taps taps,
      float[] values,
      int at,
      int plane,
      int step,
      float[] weights,
      int channels,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    if (count < 4) {
      for (int i = 0; i < count; i++) {
        one(taps, values, at + i * step, plane, weights, channels, out, outAt + i * outStep);
      }
      return;
    }
    for (int i = 0; i < count; i += 4) {
      int j = Math.min(i, count - 4);
      int from = at + j * step;
      int to = outAt + j * outStep;
      four(taps, values, from, plane, step, weights, channels, out, to, outStep);
    }
  }

  private static void one(
      Taps taps,
      float[] values,
      int at,
      int plane,
      float[] weights,
      int channels,
      float[] out,
      int outAt) {
    for (int c = 0; c < channels; c += LANES) {
      oneByOne(taps, values, at + c / LANES * plane, weights, c, out, outAt + c);
    }
  }

  private static void oneByOne(
      Taps taps, float[] values, int at, float[] weights, int weight, float[] out, int outAt) {
    int[] inputs = taps.inputs;
    int[] places = taps.weights;
    FloatVector s = FloatVector.zero(SPECIES);
    for (int i = 0; i < taps.count; i++) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, weight + places[i]);
      s = FloatVector.fromArray(SPECIES, values, at + inputs[i]).fma(w, s);
    }
    s.intoArray(out, outAt);
  }

  private static void four(
      Taps taps,
      float[] values,
      int at,
      int plane,
      int step,
      float[] weights,
      int channels,
      float[] out,
      int outAt,
      int outStep) {
    for (int c = 0; c < channels; c += LANES) {
      fourByOne(taps, values, at + c / LANES * plane, step, weights, c, out, outAt + c, outStep);
    }
  }

  private static void fourByOne(
      Taps taps,
      float[] values,
      int at,
      int step,
      float[] weights,
      int weight,
      float[] out,
      int outAt,
      int outStep) {
    int[] inputs = taps.inputs;
    int[] places = taps.weights;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < taps.count; i++) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, weight + places[i]);
      int from = at + inputs[i];
      s0 = FloatVector.fromArray(SPECIES, values, from).fma(w, s0);
      s1 = FloatVector.fromArray(SPECIES, values, from + step).fma(w, s1);
      s2 = FloatVector.fromArray(SPECIES, values, from + 2 * step).fma(w, s2);
      s3 = FloatVector.fromArray(SPECIES, values, from + 3 * step).fma(w, s3);
    }
    s0.intoArray(out, outAt);
    s1.intoArray(out, outAt + outStep);
    s2.intoArray(out, outAt + 2 * outStep);
    s3.intoArray(out, outAt + 3 * outStep);
  }

  /**
   * Adds to the sum of each tap the products of a row of values with a row of factors, for one
   * vector of channels.
   *
   * @param at where the vector's values lie, in the row of each tap
   * @param step from the values of one factor to those of the next
   * @param taps where each tap reads the values and keeps its sums
   */
  static void products(
      Taps taps,
      float[] values,
      int at,
      int step,
      float[] factors,
      int factor,
      int count,
      float[] sums,
      int sum) {
    int t = 0;
    for (; t + 4 <= taps.count; t += 4) {
      products4(taps, t, values, at, step, factors, factor, count, sums, sum);
    }
    for (; t < taps.count; t++) {
      int from = at + taps.inputs[t];
      products1(values, from, step, factors, factor, count, sums, sum + taps.weights[t]);
    }
  }

  private static void products4(
      Taps taps,
      int first,
      float[] values,
      int at,
      int step,
      float[] factors,
      int factor,
      int count,
      float[] sums,
      int sum) {
    int at0 = at + taps.inputs[first];
    int at1 = at + taps.inputs[first + 1];
    int at2 = at + taps.inputs[first + 2];
    int at3 = at + taps.inputs[first + 3];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < count; i++) {
      FloatVector d = FloatVector.fromArray(SPECIES, factors, factor + i * LANES);
      s0 = FloatVector.fromArray(SPECIES, values, at0 + i * step).fma(d, s0);
      s1 = FloatVector.fromArray(SPECIES, values, at1 + i * step).fma(d, s1);
      s2 = FloatVector.fromArray(SPECIES, values, at2 + i * step).fma(d, s2);
      s3 = FloatVector.fromArray(SPECIES, values, at3 + i * step).fma(d, s3);
    }
    add(s0, sums, sum + taps.weights[first]);
    add(s1, sums, sum + taps.weights[first + 1]);
    add(s2, sums, sum + taps.weights[first + 2]);
    add(s3, sums, sum + taps.weights[first + 3]);
  }

  private static void products1(
      float[] values,
      int at,
      int step,
      float[] factors,
      int factor,
      int count,
      float[] sums,
      int sum) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      FloatVector d = FloatVector.fromArray(SPECIES, factors, factor + i * LANES);
      s = FloatVector.fromArray(SPECIES, values, at + i * step).fma(d, s);
    }
    add(s, sums, sum);
  }

  private static void add(FloatVector s, float[] sums, int at) {
    s.add(FloatVector.fromArray(SPECIES, sums, at)).intoArray(sums, at);
  }

  /** Adds {@code count} rows of vectors to sums. */
  static void rows(float[] values, int at, int step, int count, int channels, float[] sums) {
    int c = 0;
    for (; c + 4 * LANES <= channels; c += 4 * LANES) {
      columns4(values, at + c, step, count, sums, c);
    }
    for (; c < channels; c += LANES) {
      column(values, at + c, step, count, sums, c);
    }
  }

  private static void columns4(float[] values, int at, int step, int count, float[] sums, int sum) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < count; i++) {
      s0 = s0.add(FloatVector.fromArray(SPECIES, values, at));
      s1 = s1.add(FloatVector.fromArray(SPECIES, values, at + LANES));
      s2 = s2.add(FloatVector.fromArray(SPECIES, values, at + 2 * LANES));
      s3 = s3.add(FloatVector.fromArray(SPECIES, values, at + 3 * LANES));
      at += step;
    }
    add(s0, sums, sum);
    add(s1, sums, sum + LANES);
    add(s2, sums, sum + 2 * LANES);
    add(s3, sums, sum + 3 * LANES);
  }

  private static void column(float[] values, int at, int step, int count, float[] sums, int sum) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      s = s.add(FloatVector.fromArray(SPECIES, values, at + i * step));
    }
    add(s, sums, sum);
  }

  /** Copies {@code count} vectors, {@code step} apart, side by side. */
  static void copy(float[] from, int fromAt, int step, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(SPECIES, from, fromAt + i * step).intoArray(to, toAt + i * LANES);
    }
  }

  /** {@code count} vectors of zeros. */
  static void zeros(float[] to, int at, int count) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      zero.intoArray(to, at + i * LANES);
    }
  }
}
