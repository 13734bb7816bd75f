package sepal.kernels;

/** Sums and limits of runs of values, shared between threads where that is worth it. */
public final class ParallelElementwise {
  /** Values that one thread takes at a time. */
  private static final int PIECE = 16 * 1024;

  /** What a value costs, which comes from memory, in multiply-adds of a product. */
  static final long COST = 4;

  private ParallelElementwise() {}

  /** {@code y = a + b}, clamped; y may be a or b. */
  public static void add(
      float[] a, int aAt, float[] b, int bAt, Clamp clamp, float[] y, int yAt, int count) {
    Kernels kernels = KernelChoice.kernels();
    if (count <= PIECE) {
      kernels.add(a, aAt, b, bAt, clamp, y, yAt, count);
      return;
    }
    Parallel.run(
        (count + PIECE - 1) / PIECE,
        COST * count,
        task -> {
          int i = task * PIECE;
          kernels.add(a, aAt + i, b, bAt + i, clamp, y, yAt + i, Math.min(PIECE, count - i));
        });
  }

  /** {@code y = x}, clamped; y may be x. */
  public static void clamp(float[] x, int xAt, Clamp clamp, float[] y, int yAt, int count) {
    Kernels kernels = KernelChoice.kernels();
    if (count <= PIECE) {
      kernels.clamp(x, xAt, clamp, y, yAt, count);
      return;
    }
    Parallel.run(
        (count + PIECE - 1) / PIECE,
        COST * count,
        task -> {
          int i = task * PIECE;
          kernels.clamp(x, xAt + i, clamp, y, yAt + i, Math.min(PIECE, count - i));
        });
  }
}
