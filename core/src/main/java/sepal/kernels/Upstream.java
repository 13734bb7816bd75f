package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The gradient by what lies before a clamp: none where the forward clamped. */
final class Upstream {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private Upstream() {}

  /**
   * Copies rows of a gradient.
   *
   * @param g the gradient by y
   * @param y what the forward stored; not read if nothing was clamped
   * @param from where the rows begin in both
   * @param columns values of a row; rows lie side by side
   * @param outStep how far apart the rows of {@code out} lie
   */
  static void copy(
      float[] g,
      float @Nullable [] y,
      Clamp clamp,
      int from,
      int columns,
      int rows,
      float[] out,
      int outAt,
      int outStep) {
    if (clamp != Clamp.NONE && y != null) {
      for (int i = 0; i < rows; i++) {
        masked(g, y, clamp, from + i * columns, columns, out, outAt + i * outStep);
      }
    } else if (columns == outStep) {
      System.arraycopy(g, from, out, outAt, rows * columns);
    } else {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(g, from + i * columns, out, outAt + i * outStep, columns);
      }
    }
  }

  private static void masked(
      float[] g, float[] y, Clamp clamp, int at, int count, float[] out, int outAt) {
    int whole = SPECIES.loopBound(count);
    if (clamp.high == Float.POSITIVE_INFINITY) {
      above(g, y, at, whole, out, outAt);
    } else {
      between(g, y, clamp.high, at, whole, out, outAt);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = ScalarBackward.masked(g[at + i], y[at + i], clamp);
    }
  }

  private static void above(float[] g, float[] y, int at, int count, float[] out, int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i += LANES) {
      VectorMask<Float> passed =
          FloatVector.fromArray(SPECIES, y, at + i).compare(VectorOperators.GT, zero);
      zero.blend(FloatVector.fromArray(SPECIES, g, at + i), passed).intoArray(out, outAt + i);
    }
  }

  private static void between(
      float[] g, float[] y, float high, int at, int count, float[] out, int outAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector limit = FloatVector.broadcast(SPECIES, high);
    for (int i = 0; i < count; i += LANES) {
      FloatVector stored = FloatVector.fromArray(SPECIES, y, at + i);
      VectorMask<Float> passed = stored.compare(VectorOperators.GT, zero);
      FloatVector v = zero.blend(FloatVector.fromArray(SPECIES, g, at + i), passed);
      zero.blend(v, stored.compare(VectorOperators.LT, limit)).intoArray(out, outAt + i);
    }
  }
}
