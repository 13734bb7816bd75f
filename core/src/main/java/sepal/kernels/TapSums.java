package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link DepthwiseBackward}, on rows of pixels with zeros around them: vectors
 * run along the channels, whose number is a multiple of the lanes. One loop a method, see {@link
 * Gemm}.
 */
final class TapSums {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private TapSums() {}

  /**
   * Four or more results of a row: for each, the sum over the taps of value times weight.
   *
   * @param step from the values of one result to those of the next
   * @param taps where each tap reads the values and the weights
   */
  static void row(
      Taps taps,
      float[] values,
      int at,
      int step,
      float[] weights,
      int channels,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    if (count < 4) {
      for (int i = 0; i < count; i++) {
        one(taps, values, at + i * step, weights, channels, out, outAt + i * outStep);
      }
      return;
    }
    for (int i = 0; i < count; i += 4) {
      int j = Math.min(i, count - 4);
      four(taps, values, at + j * step, step, weights, channels, out, outAt + j * outStep, outStep);
    }
  }

  private static void one(
      Taps taps, float[] values, int at, float[] weights, int channels, float[] out, int outAt) {
    for (int c = 0; c < channels; c += LANES) {
      oneByOne(taps, values, at + c, weights, c, out, outAt + c);
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
      int step,
      float[] weights,
      int channels,
      float[] out,
      int outAt,
      int outStep) {
    for (int c = 0; c < channels; c += LANES) {
      fourByOne(taps, values, at + c, step, weights, c, out, outAt + c, outStep);
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
   * The same for a 3 x 3 window on neighbours, four results or more.
   *
   * @param at0 where the first row of taps reads; at1 and at2 likewise
   * @param step from one pixel to the next
   */
  static void row3x3(
      float[] values,
      int at0,
      int at1,
      int at2,
      int step,
      float[] weights,
      int weight,
      int channels,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    for (int i = 0; i < count; i += 4) {
      int j = Math.min(i, count - 4);
      int from = j * step;
      four3x3(
          values,
          at0 + from,
          at1 + from,
          at2 + from,
          step,
          weights,
          weight,
          channels,
          out,
          outAt + j * outStep,
          outStep);
    }
  }

  private static void four3x3(
      float[] values,
      int at0,
      int at1,
      int at2,
      int step,
      float[] weights,
      int weight,
      int channels,
      float[] out,
      int outAt,
      int outStep) {
    for (int c = 0; c < channels; c += LANES) {
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int at = at0 + c;
      FloatVector x0 = FloatVector.fromArray(SPECIES, values, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, values, at + step);
      FloatVector x2 = FloatVector.fromArray(SPECIES, values, at + 2 * step);
      FloatVector x3 = FloatVector.fromArray(SPECIES, values, at + 3 * step);
      FloatVector x4 = FloatVector.fromArray(SPECIES, values, at + 4 * step);
      FloatVector x5 = FloatVector.fromArray(SPECIES, values, at + 5 * step);
      FloatVector w = FloatVector.fromArray(SPECIES, weights, weight + c);
      s0 = x0.fma(w, s0);
      s1 = x1.fma(w, s1);
      s2 = x2.fma(w, s2);
      s3 = x3.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + channels);
      s0 = x1.fma(w, s0);
      s1 = x2.fma(w, s1);
      s2 = x3.fma(w, s2);
      s3 = x4.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 2 * channels);
      s0 = x2.fma(w, s0);
      s1 = x3.fma(w, s1);
      s2 = x4.fma(w, s2);
      s3 = x5.fma(w, s3);
      at = at1 + c;
      x0 = FloatVector.fromArray(SPECIES, values, at);
      x1 = FloatVector.fromArray(SPECIES, values, at + step);
      x2 = FloatVector.fromArray(SPECIES, values, at + 2 * step);
      x3 = FloatVector.fromArray(SPECIES, values, at + 3 * step);
      x4 = FloatVector.fromArray(SPECIES, values, at + 4 * step);
      x5 = FloatVector.fromArray(SPECIES, values, at + 5 * step);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 3 * channels);
      s0 = x0.fma(w, s0);
      s1 = x1.fma(w, s1);
      s2 = x2.fma(w, s2);
      s3 = x3.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 4 * channels);
      s0 = x1.fma(w, s0);
      s1 = x2.fma(w, s1);
      s2 = x3.fma(w, s2);
      s3 = x4.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 5 * channels);
      s0 = x2.fma(w, s0);
      s1 = x3.fma(w, s1);
      s2 = x4.fma(w, s2);
      s3 = x5.fma(w, s3);
      at = at2 + c;
      x0 = FloatVector.fromArray(SPECIES, values, at);
      x1 = FloatVector.fromArray(SPECIES, values, at + step);
      x2 = FloatVector.fromArray(SPECIES, values, at + 2 * step);
      x3 = FloatVector.fromArray(SPECIES, values, at + 3 * step);
      x4 = FloatVector.fromArray(SPECIES, values, at + 4 * step);
      x5 = FloatVector.fromArray(SPECIES, values, at + 5 * step);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 6 * channels);
      s0 = x0.fma(w, s0);
      s1 = x1.fma(w, s1);
      s2 = x2.fma(w, s2);
      s3 = x3.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 7 * channels);
      s0 = x1.fma(w, s0);
      s1 = x2.fma(w, s1);
      s2 = x3.fma(w, s2);
      s3 = x4.fma(w, s3);
      w = FloatVector.fromArray(SPECIES, weights, weight + c + 8 * channels);
      s0 = x2.fma(w, s0);
      s1 = x3.fma(w, s1);
      s2 = x4.fma(w, s2);
      s3 = x5.fma(w, s3);
      s0.intoArray(out, outAt + c);
      s1.intoArray(out, outAt + c + outStep);
      s2.intoArray(out, outAt + c + 2 * outStep);
      s3.intoArray(out, outAt + c + 3 * outStep);
    }
  }

  /**
   * Adds to the sum of each tap the products of a row of values with a row of factors.
   *
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
      int factorStep,
      int count,
      int channels,
      float[] sums,
      int sum) {
    for (int c = 0; c < channels; c += LANES) {
      int t = 0;
      for (; t + 4 <= taps.count; t += 4) {
        products4(
            taps, t, values, at + c, step, factors, factor + c, factorStep, count, sums, sum + c);
      }
      for (; t < taps.count; t++) {
        products1(
            values,
            at + c + taps.inputs[t],
            step,
            factors,
            factor + c,
            factorStep,
            count,
            sums,
            sum + c + taps.weights[t]);
      }
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
      int factorStep,
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
      FloatVector d = FloatVector.fromArray(SPECIES, factors, factor + i * factorStep);
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
      int factorStep,
      int count,
      float[] sums,
      int sum) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      FloatVector d = FloatVector.fromArray(SPECIES, factors, factor + i * factorStep);
      s = FloatVector.fromArray(SPECIES, values, at + i * step).fma(d, s);
    }
    add(s, sums, sum);
  }

  private static void add(FloatVector s, float[] sums, int at) {
    s.add(FloatVector.fromArray(SPECIES, sums, at)).intoArray(sums, at);
  }

  /** The same for a 3 x 3 window on neighbours; the sums of the taps lie {@code channels} apart. */
  static void products3x3(
      float[] values,
      int at0,
      int at1,
      int at2,
      int step,
      float[] factors,
      int factor,
      int factorStep,
      int count,
      int channels,
      float[] sums,
      int sum) {
    int whole = count & -4;
    int rest = whole * step;
    for (int c = 0; c < channels; c += LANES) {
      int f = factor + c;
      int s = sum + c;
      int a0 = at0 + c;
      int a1 = at1 + c;
      int a2 = at2 + c;
      products3x3ByFour(values, a0, a1, a2, step, factors, f, factorStep, whole, sums, s, channels);
      if (whole < count) {
        f += whole * factorStep;
        a0 += rest;
        a1 += rest;
        a2 += rest;
        products3x3ByOne(
            values, a0, a1, a2, step, factors, f, factorStep, count - whole, sums, s, channels);
      }
    }
  }

  private static void products3x3ByFour(
      float[] values,
      int at0,
      int at1,
      int at2,
      int step,
      float[] factors,
      int factor,
      int factorStep,
      int count,
      float[] sums,
      int sum,
      int sumStep) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    FloatVector s2 = FloatVector.zero(SPECIES);
    FloatVector s3 = FloatVector.zero(SPECIES);
    FloatVector s4 = FloatVector.zero(SPECIES);
    FloatVector s5 = FloatVector.zero(SPECIES);
    FloatVector s6 = FloatVector.zero(SPECIES);
    FloatVector s7 = FloatVector.zero(SPECIES);
    FloatVector s8 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i += 4) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, factors, factor);
      FloatVector d1 = FloatVector.fromArray(SPECIES, factors, factor + factorStep);
      FloatVector d2 = FloatVector.fromArray(SPECIES, factors, factor + 2 * factorStep);
      FloatVector d3 = FloatVector.fromArray(SPECIES, factors, factor + 3 * factorStep);
      FloatVector x0 = FloatVector.fromArray(SPECIES, values, at0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, values, at0 + step);
      FloatVector x2 = FloatVector.fromArray(SPECIES, values, at0 + 2 * step);
      FloatVector x3 = FloatVector.fromArray(SPECIES, values, at0 + 3 * step);
      FloatVector x4 = FloatVector.fromArray(SPECIES, values, at0 + 4 * step);
      FloatVector x5 = FloatVector.fromArray(SPECIES, values, at0 + 5 * step);
      s0 = x0.fma(d0, s0);
      s1 = x1.fma(d0, s1);
      s2 = x2.fma(d0, s2);
      s0 = x1.fma(d1, s0);
      s1 = x2.fma(d1, s1);
      s2 = x3.fma(d1, s2);
      s0 = x2.fma(d2, s0);
      s1 = x3.fma(d2, s1);
      s2 = x4.fma(d2, s2);
      s0 = x3.fma(d3, s0);
      s1 = x4.fma(d3, s1);
      s2 = x5.fma(d3, s2);
      x0 = FloatVector.fromArray(SPECIES, values, at1);
      x1 = FloatVector.fromArray(SPECIES, values, at1 + step);
      x2 = FloatVector.fromArray(SPECIES, values, at1 + 2 * step);
      x3 = FloatVector.fromArray(SPECIES, values, at1 + 3 * step);
      x4 = FloatVector.fromArray(SPECIES, values, at1 + 4 * step);
      x5 = FloatVector.fromArray(SPECIES, values, at1 + 5 * step);
      s3 = x0.fma(d0, s3);
      s4 = x1.fma(d0, s4);
      s5 = x2.fma(d0, s5);
      s3 = x1.fma(d1, s3);
      s4 = x2.fma(d1, s4);
      s5 = x3.fma(d1, s5);
      s3 = x2.fma(d2, s3);
      s4 = x3.fma(d2, s4);
      s5 = x4.fma(d2, s5);
      s3 = x3.fma(d3, s3);
      s4 = x4.fma(d3, s4);
      s5 = x5.fma(d3, s5);
      x0 = FloatVector.fromArray(SPECIES, values, at2);
      x1 = FloatVector.fromArray(SPECIES, values, at2 + step);
      x2 = FloatVector.fromArray(SPECIES, values, at2 + 2 * step);
      x3 = FloatVector.fromArray(SPECIES, values, at2 + 3 * step);
      x4 = FloatVector.fromArray(SPECIES, values, at2 + 4 * step);
      x5 = FloatVector.fromArray(SPECIES, values, at2 + 5 * step);
      s6 = x0.fma(d0, s6);
      s7 = x1.fma(d0, s7);
      s8 = x2.fma(d0, s8);
      s6 = x1.fma(d1, s6);
      s7 = x2.fma(d1, s7);
      s8 = x3.fma(d1, s8);
      s6 = x2.fma(d2, s6);
      s7 = x3.fma(d2, s7);
      s8 = x4.fma(d2, s8);
      s6 = x3.fma(d3, s6);
      s7 = x4.fma(d3, s7);
      s8 = x5.fma(d3, s8);
      factor += 4 * factorStep;
      at0 += 4 * step;
      at1 += 4 * step;
      at2 += 4 * step;
    }
    add(s0, sums, sum);
    add(s1, sums, sum + sumStep);
    add(s2, sums, sum + 2 * sumStep);
    add(s3, sums, sum + 3 * sumStep);
    add(s4, sums, sum + 4 * sumStep);
    add(s5, sums, sum + 5 * sumStep);
    add(s6, sums, sum + 6 * sumStep);
    add(s7, sums, sum + 7 * sumStep);
    add(s8, sums, sum + 8 * sumStep);
  }

  private static void products3x3ByOne(
      float[] values,
      int at0,
      int at1,
      int at2,
      int step,
      float[] factors,
      int factor,
      int factorStep,
      int count,
      float[] sums,
      int sum,
      int sumStep) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    FloatVector s2 = FloatVector.zero(SPECIES);
    FloatVector s3 = FloatVector.zero(SPECIES);
    FloatVector s4 = FloatVector.zero(SPECIES);
    FloatVector s5 = FloatVector.zero(SPECIES);
    FloatVector s6 = FloatVector.zero(SPECIES);
    FloatVector s7 = FloatVector.zero(SPECIES);
    FloatVector s8 = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, factors, factor);
      FloatVector x0 = FloatVector.fromArray(SPECIES, values, at0);
      FloatVector x1 = FloatVector.fromArray(SPECIES, values, at0 + step);
      FloatVector x2 = FloatVector.fromArray(SPECIES, values, at0 + 2 * step);
      s0 = x0.fma(d0, s0);
      s1 = x1.fma(d0, s1);
      s2 = x2.fma(d0, s2);
      x0 = FloatVector.fromArray(SPECIES, values, at1);
      x1 = FloatVector.fromArray(SPECIES, values, at1 + step);
      x2 = FloatVector.fromArray(SPECIES, values, at1 + 2 * step);
      s3 = x0.fma(d0, s3);
      s4 = x1.fma(d0, s4);
      s5 = x2.fma(d0, s5);
      x0 = FloatVector.fromArray(SPECIES, values, at2);
      x1 = FloatVector.fromArray(SPECIES, values, at2 + step);
      x2 = FloatVector.fromArray(SPECIES, values, at2 + 2 * step);
      s6 = x0.fma(d0, s6);
      s7 = x1.fma(d0, s7);
      s8 = x2.fma(d0, s8);
      factor += factorStep;
      at0 += step;
      at1 += step;
      at2 += step;
    }
    add(s0, sums, sum);
    add(s1, sums, sum + sumStep);
    add(s2, sums, sum + 2 * sumStep);
    add(s3, sums, sum + 3 * sumStep);
    add(s4, sums, sum + 4 * sumStep);
    add(s5, sums, sum + 5 * sumStep);
    add(s6, sums, sum + 6 * sumStep);
    add(s7, sums, sum + 7 * sumStep);
    add(s8, sums, sum + 8 * sumStep);
  }

  /** Adds {@code count} rows of vectors to sums. */
  static void rows(float[] values, int at, int step, int count, int channels, float[] sums) {
    for (int c = 0; c < channels; c += LANES) {
      column(values, at + c, step, count, sums, c);
    }
  }

  private static void column(float[] values, int at, int step, int count, float[] sums, int sum) {
    FloatVector s = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      s = s.add(FloatVector.fromArray(SPECIES, values, at + i * step));
    }
    add(s, sums, sum);
  }
}
