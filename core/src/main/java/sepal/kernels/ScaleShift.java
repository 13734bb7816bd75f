package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Each channel times a factor and plus a term, as in batch normalization. */
final class ScaleShift {
  /** Values of a task. */
  private static final int VALUES = 4096;

  private ScaleShift() {}

  /** See {@link Kernels#scaleShift}. */
  static void run(
      float[] x,
      int xOffset,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yOffset,
      int outer,
      int channels,
      int inner) {
    int size = channels * inner;
    int rows = Math.max(1, VALUES / Math.max(1, size));
    Parallel.run(
        (outer + rows - 1) / rows,
        ParallelElementwise.COST * outer * size,
        task -> {
          int end = Math.min(outer, (task + 1) * rows);
          for (int o = task * rows; o < end; o++) {
            int from = xOffset + o * size;
            int to = yOffset + o * size;
            if (inner == 1) {
              row(x, from, scale, shift, clamp, y, to, channels);
            } else {
              for (int c = 0; c < channels; c++) {
                int at = c * inner;
                plane(x, from + at, scale[c], shift[c], clamp, y, to + at, inner);
              }
            }
          }
        });
  }

  /** The tail by itself, not by overlapping: y may be x. */
  private static void row(
      float[] x,
      int xAt,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yAt,
      int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector s = FloatVector.fromArray(Gemm.SPECIES, scale, i);
      FloatVector t = FloatVector.fromArray(Gemm.SPECIES, shift, i);
      FloatVector v = FloatVector.fromArray(Gemm.SPECIES, x, xAt + i).fma(s, t);
      FloatVector w = v.blend(low, v.compare(VectorOperators.LT, low));
      w.blend(high, w.compare(VectorOperators.GT, high)).intoArray(y, yAt + i);
    }
    for (int i = vectors; i < count; i++) {
      y[yAt + i] = ScalarKernels.clamp(Math.fma(x[xAt + i], scale[i], shift[i]), clamp);
    }
  }

  private static void plane(
      float[] x, int xAt, float scale, float shift, Clamp clamp, float[] y, int yAt, int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector s = FloatVector.broadcast(Gemm.SPECIES, scale);
    FloatVector t = FloatVector.broadcast(Gemm.SPECIES, shift);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector v = FloatVector.fromArray(Gemm.SPECIES, x, xAt + i).fma(s, t);
      FloatVector w = v.blend(low, v.compare(VectorOperators.LT, low));
      w.blend(high, w.compare(VectorOperators.GT, high)).intoArray(y, yAt + i);
    }
    for (int i = vectors; i < count; i++) {
      y[yAt + i] = ScalarKernels.clamp(Math.fma(x[xAt + i], scale, shift), clamp);
    }
  }
}
