package sepal.kernels;

/** The gradient of a large matrix: its blocks are shared out among the threads. */
final class Blocks {
  /** Rows of a block, so many that it seldom goes from cache to cache; fewer for many threads. */
  private static final int ROWS = 26 * Gemm.ROWS;

  private static final int FEW_ROWS = 8 * Gemm.ROWS;
  private static final int FEW_THREADS = 4;
  private static final int COLUMNS = 8 * Gemm.PANEL;

  /** The most pixels that are summed up before the sum is added: their rows stay in the cache. */
  private static final int DEPTH = 224;

  private Blocks() {}

  /**
   * {@code sum = transposed(left) . up} for every segment.
   *
   * @param add true to add to what {@code sum} holds
   */
  static void add(
      ProductBackward.Segments segments,
      float[] left,
      int leftStart,
      int leftStep,
      float[] up,
      int upStart,
      int upStep,
      int pixels,
      float[] sum,
      boolean add) {
    int rows = segments.rows();
    int width = segments.width();
    int chunks = (pixels + DEPTH - 1) / DEPTH;
    int chunk = (pixels + chunks - 1) / chunks;
    int leftSize = rows * chunk;
    int rightSize = width * chunk;
    Buffers buffers = Buffers.get();
    LineMemory lefts = buffers.lines(Buffers.Use.PACKED_LEFT, segments.count() * chunks * leftSize);
    LineMemory rights = buffers.lines(Buffers.Use.PACKED_RIGHT, segments.count() * chunks * rightSize);
    Parallel.run(
        segments.count() * chunks,
        (long) pixels * segments.count() * (rows + width),
        i -> {
          int s = i / chunks;
          int k = i % chunks * chunk;
          int depth = Math.min(chunk, pixels - k);
          int leftAt = leftStart + k * leftStep + s * segments.leftStep();
          int upAt = upStart + k * upStep + s * segments.upStep();
          GemmTransposed.packLeft(left, leftAt, leftStep, rows, depth, lefts.data(), lefts.start() + i * leftSize);
          GemmTransposed.packRight(up, upAt, upStep, width, depth, rights.data(), rights.start() + i * rightSize);
        });
    int most = Parallel.threads() <= FEW_THREADS ? ROWS : FEW_ROWS;
    int parts = (rows + most - 1) / most;
    int height = (rows + parts * Gemm.ROWS - 1) / (parts * Gemm.ROWS) * Gemm.ROWS;
    int down = (rows + height - 1) / height;
    int across = (width + COLUMNS - 1) / COLUMNS;
    Parallel.run(
        segments.count() * down * across,
        (long) pixels * segments.size(),
        task -> {
          int s = task / across / down;
          int row = task / across % down * height;
          int column = task % across * COLUMNS;
          for (int i = s * chunks; i < (s + 1) * chunks; i++) {
            int k = i % chunks * chunk;
            GemmTransposed.multiply(
                lefts.data(),
                lefts.start() + i * leftSize,
                row,
                Math.min(rows, row + height),
                rows,
                rights.data(),
                rights.start() + i * rightSize,
                column,
                Math.min(width, column + COLUMNS),
                Math.min(chunk, pixels - k),
                sum,
                s * rows * width,
                width,
                add || k > 0);
          }
        });
  }
}
