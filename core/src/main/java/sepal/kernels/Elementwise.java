package sepal.kernels;

/** Plain loops over runs of values, in forms that the compiler turns into SIMD by itself. */
public final class Elementwise {
  /** Values that one thread takes at a time. */
  private static final int PIECE = 16 * 1024;

  /** What a value costs, which comes from memory, in multiply-adds of a product. */
  private static final long COST = 4;

  private Elementwise() {}

  /** {@code y = a + b}, clamped; y may be a or b. */
  public static void add(
      float[] a, int aAt, float[] b, int bAt, Clamp clamp, float[] y, int yAt, int count) {
    Parallel.run(
        (count + PIECE - 1) / PIECE,
        COST * count,
        task -> {
          int i = task * PIECE;
          addPart(a, aAt + i, b, bAt + i, clamp, y, yAt + i, Math.min(PIECE, count - i));
        });
  }

  private static void addPart(
      float[] a, int aAt, float[] b, int bAt, Clamp clamp, float[] y, int yAt, int count) {
    if (clamp == Clamp.NONE) {
      for (int i = 0; i < count; i++) {
        y[yAt + i] = a[aAt + i] + b[bAt + i];
      }
      return;
    }
    float high = clamp.high;
    for (int i = 0; i < count; i++) {
      y[yAt + i] = Math.min(Math.max(a[aAt + i] + b[bAt + i], 0), high);
    }
  }

  /** {@code y = x}, clamped; y may be x. */
  public static void clamp(float[] x, int xAt, Clamp clamp, float[] y, int yAt, int count) {
    Parallel.run(
        (count + PIECE - 1) / PIECE,
        COST * count,
        task -> {
          int i = task * PIECE;
          clampPart(x, xAt + i, clamp, y, yAt + i, Math.min(PIECE, count - i));
        });
  }

  private static void clampPart(float[] x, int xAt, Clamp clamp, float[] y, int yAt, int count) {
    if (clamp == Clamp.NONE) {
      System.arraycopy(x, xAt, y, yAt, count);
      return;
    }
    float high = clamp.high;
    for (int i = 0; i < count; i++) {
      y[yAt + i] = Math.min(Math.max(x[xAt + i], 0), high);
    }
  }
}
