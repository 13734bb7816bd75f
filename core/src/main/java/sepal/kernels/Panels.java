package sepal.kernels;

import sepal.shape.DataFormat;

/**
 * How the columns of one group are cut into panels, and how a matrix is laid out for {@link Gemm}.
 *
 * <p>channels_last multiplies pixels with the matrix: the matrix is b, cut into panels (rows,
 * width), one after the other. channels_first multiplies the matrix with pixels: the matrix is a,
 * transposed to (columns, rows).
 *
 * @param columns columns of one group
 */
record Panels(int columns) {

  int count() {
    return (columns + Gemm.PANEL - 1) / Gemm.PANEL;
  }

  /** Columns of panel {@code i}: at least {@link Gemm#LANES}, filled up with zeros if need be. */
  int width(int i) {
    return Math.max(Math.min(Gemm.PANEL, columns - i * Gemm.PANEL), Gemm.LANES);
  }

  /**
   * The first column of panel {@code i}; a last panel that is too narrow overlaps the one before.
   */
  int start(int i) {
    return Math.max(0, Math.min(i * Gemm.PANEL, columns - Gemm.LANES));
  }

  /** Columns of all panels, the overlap counted twice. */
  int totalWidth() {
    return (count() - 1) * Gemm.PANEL + width(count() - 1);
  }

  static PackedKernel pack(
      float[] matrix, int rows, int columns, int groups, DataFormat dataFormat) {
    float[] data =
        dataFormat == DataFormat.CHANNELS_LAST
            ? panels(matrix, rows, columns, groups)
            : transposed(matrix, rows, columns);
    return new PackedKernel(data, rows, columns, groups, dataFormat, false);
  }

  private static float[] panels(float[] matrix, int rows, int columns, int groups) {
    Panels panels = new Panels(columns / groups);
    float[] data = new float[groups * rows * panels.totalWidth()];
    int at = 0;
    for (int group = 0; group < groups; group++) {
      for (int i = 0; i < panels.count(); i++) {
        int first = group * panels.columns + panels.start(i);
        int used = Math.min(panels.width(i), panels.columns);
        for (int row = 0; row < rows; row++) {
          System.arraycopy(matrix, row * columns + first, data, at, used);
          at += panels.width(i);
        }
      }
    }
    return data;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    int stride = rowStride(rows);
    float[] data = new float[columns * stride];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        data[column * stride + row] = matrix[row * columns + column];
      }
    }
    return data;
  }

  /**
   * How far apart rows of {@code depth} values lie: rows that are a multiple of 1 KB apart would
   * compete for the same lines of the first cache.
   */
  static int rowStride(int depth) {
    return depth % 256 == 0 ? depth + 16 : depth;
  }

  /** The packed {@code kernel} with row c * multiplier + m moved to m * channels + c. */
  static PackedKernel multiplierMajor(PackedKernel kernel, int multiplier) {
    PackedKernel moved = kernel.multiplierMajor;
    if (moved == null) {
      moved = moveRows(kernel, multiplier);
      kernel.multiplierMajor = moved;
    }
    return moved;
  }

  private static PackedKernel moveRows(PackedKernel kernel, int multiplier) {
    Panels panels = new Panels(kernel.columns);
    int channels = kernel.rows / multiplier;
    float[] data = new float[kernel.data.length];
    for (int i = 0; i < panels.count(); i++) {
      int width = panels.width(i);
      int panel = i * Gemm.PANEL * kernel.rows;
      for (int row = 0; row < kernel.rows; row++) {
        int to = row % multiplier * channels + row / multiplier;
        System.arraycopy(kernel.data, panel + row * width, data, panel + to * width, width);
      }
    }
    return new PackedKernel(
        data, kernel.rows, kernel.columns, kernel.groups, kernel.dataFormat, false);
  }
}
