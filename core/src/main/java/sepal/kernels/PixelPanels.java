package sepal.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * A tile of channels_first as {@link Gemm} reads it: rows of pixels, cut into almost equal panels
 * of whole vectors, panel after panel. The last vector of a panel ends with the panel.
 */
final class PixelPanels {
  private static final int LANES = Gemm.LANES;

  private PixelPanels() {}

  /**
   * Pixels of the next panel, of {@code rest} that are left: at least {@link Gemm#LANES}, so that
   * the last panel may overlap the one before it. A last one of a single vector would be slow.
   */
  static int width(int rest) {
    int vectors = (rest + LANES - 1) / LANES;
    int panels = (rest + Gemm.PANEL - 1) / Gemm.PANEL;
    return Math.max(LANES, Math.min(rest, (vectors + panels - 1) / panels * LANES));
  }

  /**
   * Copies rows of pixels to panels of {@code depth} rows.
   *
   * @param pixels of a row, at least {@link Gemm#LANES}; rows follow one another
   * @param firstRow of the panels
   */
  static void copy(float[] from, int pixels, int rows, LineMemory tile, int firstRow, int depth) {
    float[] to = tile.data();
    int panel = tile.start();
    for (int at = 0; at < pixels; ) {
      int width = width(pixels - at);
      int start = Math.min(at, pixels - width);
      int stride = Panels.wholeVectors(width);
      for (int row = 0; row < rows; row++) {
        int rowAt = panel + (firstRow + row) * stride;
        DepthwisePlanes.copyRow(from, row * pixels + start, width, to, rowAt);
      }
      endLastVectors(to, panel + firstRow * stride, rows, width, stride);
      panel += depth * stride;
      at += width;
    }
  }

  /** Gathers the inputs of outputs {@code from} to {@code to} of one image. */
  static void gather(
      Gather gather,
      float[] x,
      int xOffset,
      int image,
      int from,
      int to,
      LineMemory memory,
      int depth) {
    float[] tile = memory.data();
    int pixels = Math.max(to - from, LANES);
    int panel = memory.start();
    for (int at = 0; at < pixels; ) {
      int width = width(pixels - at);
      int first = from + Math.min(at, pixels - width);
      int stride = Panels.wholeVectors(width);
      gather.columns(x, xOffset, image, first, Math.min(first + width, to), tile, panel, stride);
      endLastVectors(tile, panel, depth, width, stride);
      panel += depth * stride;
      at += width;
    }
  }

  /** Moves what ends rows of {@code width} to whole vectors, so that it ends those. */
  private static void endLastVectors(float[] tile, int at, int rows, int width, int stride) {
    for (int row = 0; row < rows && width < stride; row++) {
      int end = at + row * stride;
      FloatVector.fromArray(Gemm.SPECIES, tile, end + width - LANES)
          .intoArray(tile, end + stride - LANES);
    }
  }
}
