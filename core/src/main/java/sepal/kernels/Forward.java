package sepal.kernels;

/**
 * A computation of {@link Kernels} with everything settled but the arrays: weights, sizes and the
 * number of threads there was. Calling it makes no objects. Safe to use from many threads at once.
 */
@FunctionalInterface
public interface Forward {
  /** Computes y from x; each array starts at the offset that follows it. */
  void run(float[] x, int xOffset, float[] y, int yOffset);
}
