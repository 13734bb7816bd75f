package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pixels times a packed kernel, with what comes before and after the sums. */
final class PixelProduct {
  final Panels panels;
  private final PackedKernel kernel;
  private final int initColumn;
  private final boolean fetches;
  private final Gemm.Product product;

  PixelProduct(PackedKernel kernel, float @Nullable [] bias, Clamp clamp) {
    this.kernel = kernel;
    panels = new Panels(kernel.columns / kernel.groups);
    fetches = OutputTiles.isLarge(kernel);
    initColumn = bias == null ? 0 : 1;
    float[] init = bias == null ? Gemm.ZEROS : bias;
    if (bias != null && panels.columns() < Gemm.LANES) {
      init = Arrays.copyOf(bias, bias.length + Gemm.LANES);
    }
    product =
        new Gemm.Product(kernel.data, kernel.rows, init, initColumn, Gemm.low(clamp), clamp.high);
  }

  void multiply(float[] a, int aAt, int lda, int rows, int group, float[] y, int yAt) {
    multiply(a, aAt, lda, rows, group, 0, panels.count(), y, yAt);
  }

  /** Panels {@code first} to {@code end} alone. */
  void multiply(
      float[] a, int aAt, int lda, int rows, int group, int first, int end, float[] y, int yAt) {
    int wide = rows - spoiled();
    int columns = kernel.columns;
    for (int i = first; i < end; i++) {
      int bAt = kernel.start + (group * panels.totalWidth() + i * Gemm.PANEL) * kernel.rows;
      int nextAt = bAt + Gemm.PANEL * kernel.rows;
      int column = group * panels.columns() + panels.start(i);
      int initAt = column * initColumn;
      if (wide > 0) {
        int to = yAt + column;
        int width = panels.width(i);
        int next = fetches && i + 1 < end && panels.width(i + 1) > Gemm.LANES ? nextAt : -1;
        Gemm.multiply(product, wide, a, aAt, lda, bAt, initAt, y, to, columns, width, next);
      }
      if (wide < rows) {
        int narrow = Math.max(0, wide);
        int to = yAt + column + narrow * kernel.columns;
        last(a, aAt + narrow * lda, lda, rows - narrow, bAt, initAt, y, to);
      }
    }
  }

  /** Rows of a panel narrower than a vector, nothing behind which may be written. */
  private void last(
      float[] a, int aAt, int lda, int rows, int bAt, int initAt, float[] y, int yAt) {
    float[] c = Scratch.get().edge(rows * Gemm.LANES);
    Gemm.multiply(product, rows, a, aAt, lda, bAt, initAt, c, 0, Gemm.LANES, Gemm.LANES, -1);
    copyRows(c, Gemm.LANES, rows, panels.columns(), y, yAt, kernel.columns);
  }

  /**
   * How many rows at the end must not be written as whole vectors, since those would reach behind
   * the last one. What vectors of earlier rows write too much, later rows overwrite, unless there
   * are other groups' columns.
   */
  private int spoiled() {
    if (panels.columns() >= Gemm.LANES) {
      return 0;
    }
    return kernel.groups > 1 ? Integer.MAX_VALUE : (Gemm.LANES - 1) / panels.columns();
  }

  private static void copyRows(
      float[] from, int fromStep, int rows, int count, float[] to, int toAt, int toStep) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * fromStep, to, toAt + row * toStep, count);
    }
  }
}
