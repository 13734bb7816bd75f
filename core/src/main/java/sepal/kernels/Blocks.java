package sepal.kernels;

/** The gradient of a large matrix: its blocks are shared out among the threads. */
final class Blocks {
  private static final int ROWS = 96;
  private static final int COLUMNS = 8 * Gemm.LANES;

  /** Pixels that are summed up before the sum is added: their rows stay in the cache. */
  private static final int DEPTH = 768;

  private Blocks() {}

  /**
   * {@code sum = transposed(left) . up} for every segment.
   *
   * @param add true to add to what {@code sum} holds
   */
  static void add(
      ProductBackward.Segments segments,
      float[] left,
      int leftStep,
      float[] up,
      int upStep,
      int pixels,
      float[] sum,
      boolean add) {
    int width = segments.width();
    int down = (segments.rows() + ROWS - 1) / ROWS;
    int across = (width + COLUMNS - 1) / COLUMNS;
    Parallel.run(
        segments.count() * down * across,
        (long) pixels * segments.size(),
        task -> {
          int s = task / across / down;
          int row = task / across % down * ROWS;
          int column = task % across * COLUMNS;
          for (int k = 0; k < pixels; k += DEPTH) {
            GemmTransposed.multiply(
                GemmTransposed.Product.of(
                    left,
                    leftStep,
                    up,
                    upStep,
                    Math.min(DEPTH, pixels - k),
                    sum,
                    width,
                    add || k > 0),
                Math.min(ROWS, segments.rows() - row),
                k * leftStep + s * segments.leftStep() + row,
                k * upStep + s * segments.upStep() + column,
                (s * segments.rows() + row) * width + column,
                Math.min(COLUMNS, width - column));
          }
        });
  }
}
