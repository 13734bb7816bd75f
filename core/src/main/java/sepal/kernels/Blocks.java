package sepal.kernels;

/**
 * The gradient of a large matrix, {@code transposed(left) . up} for every segment. Both factors are
 * packed chunk of pixels by chunk, best while they are still in the cache; then blocks of the
 * gradient are shared out among the threads.
 */
final class Blocks {
  /** The most rows of a block: the more, the less often what they read comes from afar. */
  private static final int ROWS = 26 * Gemm.ROWS;

  private static final int FEW_ROWS = 8 * Gemm.ROWS;
  private static final int FEW_THREADS = 4;
  private static final int COLUMNS = 8 * Gemm.PANEL;

  /** The most pixels that are summed up before the sum is added: their rows stay in the cache. */
  private static final int DEPTH = 224;

  private final ProductBackward.Segments segments;
  private final int pixels;
  private final int chunk;
  private final int rows;
  private final int width;
  private final LineMemory lefts;
  private final LineMemory rights;

  Blocks(ProductBackward.Segments segments, int pixels) {
    this.segments = segments;
    this.pixels = pixels;
    int chunks = (pixels + DEPTH - 1) / DEPTH;
    chunk = (pixels + chunks - 1) / chunks;
    rows = segments.rows();
    width = segments.width();
    Buffers buffers = Buffers.get();
    lefts = buffers.lines(Buffers.Use.PACKED_LEFT, segments.count() * rows * pixels);
    rights = buffers.lines(Buffers.Use.PACKED_RIGHT, segments.count() * width * pixels);
  }

  /**
   * Packs left for some pixels.
   *
   * @param at where the first of these pixels lies
   */
  void packLeft(int pixel, int count, float[] left, int at, int step) {
    for (int p = pixel; p < pixel + count; p = Math.min(pixel + count, end(p))) {
      int first = p - start(p);
      int end = Math.min(pixel + count, end(p)) - start(p);
      int from = at + (p - pixel) * step;
      for (int s = 0; s < segments.count(); s++) {
        int to = leftAt(s, start(p));
        int segment = from + s * segments.leftStep();
        GemmTransposed.packLeft(left, segment, step, rows, first, end, depth(p), lefts.data(), to);
      }
    }
  }

  /** The same of up. */
  void packRight(int pixel, int count, float[] up, int at, int step) {
    for (int p = pixel; p < pixel + count; p = Math.min(pixel + count, end(p))) {
      int first = p - start(p);
      int end = Math.min(pixel + count, end(p)) - start(p);
      int from = at + (p - pixel) * step;
      for (int s = 0; s < segments.count(); s++) {
        int to = rightAt(s, start(p));
        int segment = from + s * segments.upStep();
        GemmTransposed.packRight(up, segment, step, width, first, end, depth(p), rights.data(), to);
      }
    }
  }

  /** The first pixel of the chunk of {@code pixel}. */
  private int start(int pixel) {
    return pixel / chunk * chunk;
  }

  private int end(int pixel) {
    return Math.min(pixels, start(pixel) + chunk);
  }

  private int depth(int pixel) {
    return end(pixel) - start(pixel);
  }

  private int leftAt(int segment, int start) {
    return lefts.start() + rows * (segment * pixels + start);
  }

  private int rightAt(int segment, int start) {
    return rights.start() + width * (segment * pixels + start);
  }

  /**
   * Multiplies what was packed.
   *
   * @param add true to add to what {@code sum} holds
   */
  void multiply(float[] sum, boolean add) {
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
          for (int i = 0; i < pixels; i += chunk) {
            GemmTransposed.multiply(
                lefts.data(),
                leftAt(s, i),
                row,
                Math.min(rows, row + height),
                rows,
                rights.data(),
                rightAt(s, i),
                column,
                Math.min(width, column + COLUMNS),
                depth(i),
                sum,
                s * rows * width,
                width,
                add || i > 0);
          }
        });
  }
}
