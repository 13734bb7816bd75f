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
