package sepal.kernels;

/** Plain loops over runs of values, in forms that the compiler turns into SIMD by itself. */
public final class Elementwise {
  private Elementwise() {}

  /** {@code y = a + b}, clamped; y may be a or b. */
  public static void add(
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
