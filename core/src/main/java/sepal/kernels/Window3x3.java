package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link DepthwiseBackward} for windows of 3 x 3 neighbours: for one vector of
 * channels, the window slides along a row of a {@link Ring}. Weights or sums stay in registers, and
 * so do the values that the next column reads again; two columns a round save the copies between
 * registers. One loop a method, see {@link Gemm}.
 */
final class Window3x3 {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private Window3x3() {}

  /**
   * Each result is the sum over the taps of value times weight.
   *
   * @param at0 where the first row of taps reads; at1 and at2 likewise
   * @param weightStep from one tap's weights to the next one's
   */
  static void sums(
      float[] values,
      int at0,
      int at1,
      int at2,
      float[] weights,
      int weight,
      int weightStep,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight + weightStep);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, weight + 2 * weightStep);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, weight + 3 * weightStep);
    FloatVector w4 = FloatVector.fromArray(SPECIES, weights, weight + 4 * weightStep);
    FloatVector w5 = FloatVector.fromArray(SPECIES, weights, weight + 5 * weightStep);
    FloatVector w6 = FloatVector.fromArray(SPECIES, weights, weight + 6 * weightStep);
    FloatVector w7 = FloatVector.fromArray(SPECIES, weights, weight + 7 * weightStep);
    FloatVector w8 = FloatVector.fromArray(SPECIES, weights, weight + 8 * weightStep);
    FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, values, at2);
    FloatVector b0 = FloatVector.fromArray(SPECIES, values, at0 + LANES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, values, at1 + LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, values, at2 + LANES);
    int even = count & -2;
    for (int i = 0; i < even; i += 2) {
      FloatVector c0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES + 2 * LANES);
      FloatVector c1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES + 2 * LANES);
      FloatVector c2 = FloatVector.fromArray(SPECIES, values, at2 + i * LANES + 2 * LANES);
      FloatVector d0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES + 3 * LANES);
      FloatVector d1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES + 3 * LANES);
      FloatVector d2 = FloatVector.fromArray(SPECIES, values, at2 + i * LANES + 3 * LANES);
      FloatVector s = c0.fma(w2, b0.fma(w1, a0.mul(w0)));
      FloatVector t = d0.fma(w2, c0.fma(w1, b0.mul(w0)));
      s = c1.fma(w5, b1.fma(w4, a1.fma(w3, s)));
      t = d1.fma(w5, c1.fma(w4, b1.fma(w3, t)));
      s = c2.fma(w8, b2.fma(w7, a2.fma(w6, s)));
      t = d2.fma(w8, c2.fma(w7, b2.fma(w6, t)));
      s.intoArray(out, outAt);
      t.intoArray(out, outAt + outStep);
      outAt += 2 * outStep;
      a0 = c0;
      a1 = c1;
      a2 = c2;
      b0 = d0;
      b1 = d1;
      b2 = d2;
    }
    if (even < count) {
      FloatVector c0 = FloatVector.fromArray(SPECIES, values, at0 + even * LANES + 2 * LANES);
      FloatVector c1 = FloatVector.fromArray(SPECIES, values, at1 + even * LANES + 2 * LANES);
      FloatVector c2 = FloatVector.fromArray(SPECIES, values, at2 + even * LANES + 2 * LANES);
      FloatVector s = c0.fma(w2, b0.fma(w1, a0.mul(w0)));
      s = c1.fma(w5, b1.fma(w4, a1.fma(w3, s)));
      c2.fma(w8, b2.fma(w7, a2.fma(w6, s))).intoArray(out, outAt);
    }
  }

  /** The same with strides of 2. */
  static void sumsByTwo(
      float[] values,
      int at0,
      int at1,
      int at2,
      float[] weights,
      int weight,
      int weightStep,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight + weightStep);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, weight + 2 * weightStep);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, weight + 3 * weightStep);
    FloatVector w4 = FloatVector.fromArray(SPECIES, weights, weight + 4 * weightStep);
    FloatVector w5 = FloatVector.fromArray(SPECIES, weights, weight + 5 * weightStep);
    FloatVector w6 = FloatVector.fromArray(SPECIES, weights, weight + 6 * weightStep);
    FloatVector w7 = FloatVector.fromArray(SPECIES, weights, weight + 7 * weightStep);
    FloatVector w8 = FloatVector.fromArray(SPECIES, weights, weight + 8 * weightStep);
    FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, values, at2);
    for (int i = 0; i < count; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, values, at0 + i * (2 * LANES) + LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, values, at1 + i * (2 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, values, at2 + i * (2 * LANES) + LANES);
      FloatVector s = b0.fma(w1, a0.mul(w0));
      FloatVector t = b1.fma(w4, a1.mul(w3));
      s = b2.fma(w7, a2.fma(w6, s));
      a0 = FloatVector.fromArray(SPECIES, values, at0 + i * (2 * LANES) + 2 * LANES);
      a1 = FloatVector.fromArray(SPECIES, values, at1 + i * (2 * LANES) + 2 * LANES);
      a2 = FloatVector.fromArray(SPECIES, values, at2 + i * (2 * LANES) + 2 * LANES);
      t = a1.fma(w5, a0.fma(w2, t));
      a2.fma(w8, s).add(t).intoArray(out, outAt);
      outAt += outStep;
    }
  }

  /**
   * Adds to the sum of each tap the products of a row of values with a row of factors.
   *
   * @param sumStep from one tap's sums to the next one's
   */
  static void products(
      float[] values,
      int at0,
      int at1,
      int at2,
      float[] factors,
      int factor,
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
    FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, values, at2);
    FloatVector b0 = FloatVector.fromArray(SPECIES, values, at0 + LANES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, values, at1 + LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, values, at2 + LANES);
    int even = count & -2;
    for (int i = 0; i < even; i += 2) {
      FloatVector f = FloatVector.fromArray(SPECIES, factors, factor + i * LANES);
      FloatVector g = FloatVector.fromArray(SPECIES, factors, factor + i * LANES + LANES);
      s0 = a0.fma(f, s0);
      s1 = b0.fma(f, s1);
      s3 = a1.fma(f, s3);
      s4 = b1.fma(f, s4);
      s6 = a2.fma(f, s6);
      s7 = b2.fma(f, s7);
      a0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES + 2 * LANES);
      a1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES + 2 * LANES);
      a2 = FloatVector.fromArray(SPECIES, values, at2 + i * LANES + 2 * LANES);
      s2 = a0.fma(f, s2);
      s5 = a1.fma(f, s5);
      s8 = a2.fma(f, s8);
      s0 = b0.fma(g, s0);
      s3 = b1.fma(g, s3);
      s6 = b2.fma(g, s6);
      s1 = a0.fma(g, s1);
      s4 = a1.fma(g, s4);
      s7 = a2.fma(g, s7);
      b0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES + 3 * LANES);
      b1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES + 3 * LANES);
      b2 = FloatVector.fromArray(SPECIES, values, at2 + i * LANES + 3 * LANES);
      s2 = b0.fma(g, s2);
      s5 = b1.fma(g, s5);
      s8 = b2.fma(g, s8);
    }
    if (even < count) {
      FloatVector f = FloatVector.fromArray(SPECIES, factors, factor + even * LANES);
      s0 = a0.fma(f, s0);
      s1 = b0.fma(f, s1);
      s3 = a1.fma(f, s3);
      s4 = b1.fma(f, s4);
      s6 = a2.fma(f, s6);
      s7 = b2.fma(f, s7);
      s2 = FloatVector.fromArray(SPECIES, values, at0 + even * LANES + 2 * LANES).fma(f, s2);
      s5 = FloatVector.fromArray(SPECIES, values, at1 + even * LANES + 2 * LANES).fma(f, s5);
      s8 = FloatVector.fromArray(SPECIES, values, at2 + even * LANES + 2 * LANES).fma(f, s8);
    }
    s0.add(FloatVector.fromArray(SPECIES, sums, sum)).intoArray(sums, sum);
    s1.add(FloatVector.fromArray(SPECIES, sums, sum + sumStep)).intoArray(sums, sum + sumStep);
    s2.add(FloatVector.fromArray(SPECIES, sums, sum + 2 * sumStep))
        .intoArray(sums, sum + 2 * sumStep);
    s3.add(FloatVector.fromArray(SPECIES, sums, sum + 3 * sumStep))
        .intoArray(sums, sum + 3 * sumStep);
    s4.add(FloatVector.fromArray(SPECIES, sums, sum + 4 * sumStep))
        .intoArray(sums, sum + 4 * sumStep);
    s5.add(FloatVector.fromArray(SPECIES, sums, sum + 5 * sumStep))
        .intoArray(sums, sum + 5 * sumStep);
    s6.add(FloatVector.fromArray(SPECIES, sums, sum + 6 * sumStep))
        .intoArray(sums, sum + 6 * sumStep);
    s7.add(FloatVector.fromArray(SPECIES, sums, sum + 7 * sumStep))
        .intoArray(sums, sum + 7 * sumStep);
    s8.add(FloatVector.fromArray(SPECIES, sums, sum + 8 * sumStep))
        .intoArray(sums, sum + 8 * sumStep);
  }

  /** The same with strides of 2. */
  static void productsByTwo(
      float[] values,
      int at0,
      int at1,
      int at2,
      float[] factors,
      int factor,
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
    FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1);
    FloatVector a2 = FloatVector.fromArray(SPECIES, values, at2);
    for (int i = 0; i < count; i++) {
      FloatVector f = FloatVector.fromArray(SPECIES, factors, factor + i * LANES);
      s0 = a0.fma(f, s0);
      s3 = a1.fma(f, s3);
      s6 = a2.fma(f, s6);
      a0 = FloatVector.fromArray(SPECIES, values, at0 + i * (2 * LANES) + LANES);
      a1 = FloatVector.fromArray(SPECIES, values, at1 + i * (2 * LANES) + LANES);
      a2 = FloatVector.fromArray(SPECIES, values, at2 + i * (2 * LANES) + LANES);
      s1 = a0.fma(f, s1);
      s4 = a1.fma(f, s4);
      s7 = a2.fma(f, s7);
      a0 = FloatVector.fromArray(SPECIES, values, at0 + i * (2 * LANES) + 2 * LANES);
      a1 = FloatVector.fromArray(SPECIES, values, at1 + i * (2 * LANES) + 2 * LANES);
      a2 = FloatVector.fromArray(SPECIES, values, at2 + i * (2 * LANES) + 2 * LANES);
      s2 = a0.fma(f, s2);
      s5 = a1.fma(f, s5);
      s8 = a2.fma(f, s8);
    }
    s0.add(FloatVector.fromArray(SPECIES, sums, sum)).intoArray(sums, sum);
    s1.add(FloatVector.fromArray(SPECIES, sums, sum + sumStep)).intoArray(sums, sum + sumStep);
    s2.add(FloatVector.fromArray(SPECIES, sums, sum + 2 * sumStep))
        .intoArray(sums, sum + 2 * sumStep);
    s3.add(FloatVector.fromArray(SPECIES, sums, sum + 3 * sumStep))
        .intoArray(sums, sum + 3 * sumStep);
    s4.add(FloatVector.fromArray(SPECIES, sums, sum + 4 * sumStep))
        .intoArray(sums, sum + 4 * sumStep);
    s5.add(FloatVector.fromArray(SPECIES, sums, sum + 5 * sumStep))
        .intoArray(sums, sum + 5 * sumStep);
    s6.add(FloatVector.fromArray(SPECIES, sums, sum + 6 * sumStep))
        .intoArray(sums, sum + 6 * sumStep);
    s7.add(FloatVector.fromArray(SPECIES, sums, sum + 7 * sumStep))
        .intoArray(sums, sum + 7 * sumStep);
    s8.add(FloatVector.fromArray(SPECIES, sums, sum + 8 * sumStep))
        .intoArray(sums, sum + 8 * sumStep);
  }

  /**
   * What inputs get through strides of 2 from two rows of taps, the first and the last of each row.
   *
   * @param at0 where the last tap of the upper row reads for the first result; the first tap reads
   *     beside it; at1 likewise
   * @param weight0 where the weights of the upper row's first tap lie; weight1 likewise
   */
  static void pairs(
      float[] values,
      int at0,
      int at1,
      float[] weights,
      int weight0,
      int weight1,
      int weightStep,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight0);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight1);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, weight0 + 2 * weightStep);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, weight1 + 2 * weightStep);
    FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0);
    FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1);
    for (int i = 0; i < count; i++) {
      FloatVector s = a1.fma(w3, a0.mul(w2));
      a0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES + LANES);
      a1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES + LANES);
      a1.fma(w1, a0.fma(w0, s)).intoArray(out, outAt);
      outAt += outStep;
    }
  }

  /** The same from the tap in the middle of each row. */
  static void singles(
      float[] values,
      int at0,
      int at1,
      float[] weights,
      int weight0,
      int weight1,
      int weightStep,
      float[] out,
      int outAt,
      int outStep,
      int count) {
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight0 + weightStep);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight1 + weightStep);
    for (int i = 0; i < count; i++) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, values, at0 + i * LANES);
      FloatVector a1 = FloatVector.fromArray(SPECIES, values, at1 + i * LANES);
      a1.fma(w1, a0.mul(w0)).intoArray(out, outAt);
      outAt += outStep;
    }
  }
}
