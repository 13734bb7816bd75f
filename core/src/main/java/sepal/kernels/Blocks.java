package sepal.kernels;

/** The gradient of a large matrix: its blocks are shared out among the threads. */
final class Blocks {
  private static final int ROWS = 8 * Gemm.ROWS;
  private static final int COLUMNS = 8 * Gemm.PANEL;

  /** Pixels that are summed up before the sum is added: their rows stay in the cache. */
  private static final int DEPTH = 192;

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
    int rows = segments.rows();
    int width = segments.width();
    int chunks = (pixels + DEPTH - 1) / DEPTH;
    int leftSize = rows * Math.min(DEPTH, pixels);
    int rightSize = width * Math.min(DEPTH, pixels);
    Buffers buffers = Buffers.get();
    float[] lefts = buffers.get(Buffers.Use.PACKED_LEFT, segments.count() * chunks * leftSize);
    float[] rights = buffers.get(Buffers.Use.PACKED_RIGHT, segments.count() * chunks * rightSize);
    Parallel.run(
        segments.count() * chunks,
        (long) pixels * segments.count() * (rows + width),
        i -> {
          int s = i / chunks;
          int k = i % chunks * DEPTH;
          int depth = Math.min(DEPTH, pixels - k);
          int leftAt = k * leftStep + s * segments.leftStep();
          int upAt = k * upStep + s * segments.upStep();
          GemmTransposed.packLeft(left, leftAt, leftStep, rows, depth, lefts, i * leftSize);
          GemmTransposed.packRight(up, upAt, upStep, width, depth, rights, i * rightSize);
        });
    int down = (rows + ROWS - 1) / ROWS;
    int across = (width + COLUMNS - 1) / COLUMNS;
    Parallel.run(
        segments.count() * down * across,
        (long) pixels * segments.size(),
        task -> {
          int s = task / across / down;
          int row = task / across % down * ROWS;
          int column = task % across * COLUMNS;
          for (int i = s * chunks; i < (s + 1) * chunks; i++) {
            int k = i % chunks * DEPTH;
            GemmTransposed.multiply(
                lefts,
                i * leftSize,
                row,
                Math.min(rows, row + ROWS),
                rows,
                rights,
                i * rightSize,
                column,
                Math.min(width, column + COLUMNS),
                Math.min(DEPTH, pixels - k),
                sum,
                s * rows * width,
                width,
                add || k > 0);
          }
        });
  }
}
