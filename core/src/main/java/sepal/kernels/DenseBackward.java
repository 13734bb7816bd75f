package sepal.kernels;

import org.jspecify.annotations.Nullable;

/** The gradients of a product with a matrix, for few rows: the matrix is shared out. */
final class DenseBackward {
  /** Rows that a task packs. */
  private static final int ROWS = 192;

  private DenseBackward() {}

  static void run(
      float[] x,
      int count,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias) {
    int rows = kernel.columns;
    int columns = kernel.rows;
    ProductBackward.Segments segments = ProductBackward.Segments.one(rows, columns);
    int width = segments.width();
    float[] up = g;
    if (clamp != Clamp.NONE || width != columns) {
      up = new float[count * width];
      Upstream.copy(g, y, clamp, 0, columns, count, up, 0, width);
    }
    if (dx != null) {
      dx(up, width, count, kernel, dx);
    }
    if (dKernel != null) {
      float[] sum = width == columns ? dKernel : new float[rows * width];
      addUp(segments, x, up, count, sum);
      for (int row = 0; row < rows && sum != dKernel; row++) {
        System.arraycopy(sum, row * width, dKernel, row * columns, columns);
      }
    }
    if (dBias != null) {
      float[] sums = new float[width];
      TapSums.rows(up, 0, width, count, width, sums);
      System.arraycopy(sums, 0, dBias, 0, columns);
    }
  }

  private static void addUp(
      ProductBackward.Segments segments, float[] x, float[] up, int count, float[] sum) {
    int rows = segments.rows();
    int width = segments.width();
    Blocks blocks = new Blocks(segments, count);
    int tasks = (count + ROWS - 1) / ROWS;
    Parallel.run(
        tasks,
        (long) count * (rows + width),
        i -> {
          int first = i * ROWS;
          int size = Math.min(ROWS, count - first);
          blocks.packLeft(first, size, x, first * rows, rows);
          blocks.packRight(first, size, up, first * width, width);
        });
    blocks.multiply(sum, false);
  }

  private static void dx(float[] up, int width, int count, PackedKernel kernel, float[] dx) {
    if (width == kernel.rows) {
      VectorKernels.INSTANCE.dense(up, 0, count, kernel, null, Clamp.NONE, dx, 0);
      return;
    }
    float[] tight = new float[count * kernel.rows];
    for (int i = 0; i < count; i++) {
      System.arraycopy(up, i * width, tight, i * kernel.rows, kernel.rows);
    }
    VectorKernels.INSTANCE.dense(tight, 0, count, kernel, null, Clamp.NONE, dx, 0);
  }
}
