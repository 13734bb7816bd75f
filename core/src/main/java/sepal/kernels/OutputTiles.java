package sepal.kernels;

import sepal.shape.ConvGeometry;

/**
 * How the outputs of a layer are cut into tiles: for each, one factor of the product is made in
 * memory that stays in the cache.
 */
final class OutputTiles {
  /** Floats of a kernel that leaves no room for much else in the second-level cache: 1 MB. */
  private static final int LARGE_KERNEL = 256 * 1024;

  /** Floats of a tile that such a kernel is multiplied with: 640 KB. */
  private static final int LARGE_TILE = 160 * 1024;

  private OutputTiles() {}

  interface Tile {
    /**
     * Outputs {@code from} to {@code to}, of them what panels {@code first} to {@code end} give.
     */
    void compute(
        float[] x, int xOffset, float[] y, int yOffset, int from, int to, int first, int end);
  }

  /**
   * Calls {@code tile} for ranges of outputs, counted over the whole batch. Where each thread would
   * get few outputs and need all of a large kernel for them, threads share the kernel instead, and
   * each repeats the first step.
   *
   * @param before what the first step costs for each of the product's inputs, in multiply-adds
   */
  static Forward planned(
      ConvGeometry geometry, int unit, int before, PackedKernel kernel, int threads, Tile tile) {
    int total = geometry.batch() * geometry.outputSize().product();
    long work = (long) total * kernel.rows * (before + kernel.columns);
    boolean sharesKernel = isLarge(kernel) && total < threads * 4 * Gemm.ROWS;
    int size = tileRows(total, unit, kernel, sharesKernel ? 1 : threads);
    int tiles = (total + size - 1) / size;
    int panels = new Panels(kernel.columns / kernel.groups).count();
    int parts = sharesKernel ? Math.min(panels, (threads + tiles - 1) / tiles) : 1;
    return new Shared(
        tiles * parts,
        work,
        (task, x, xOffset, y, yOffset) -> {
          int from = task / parts * size;
          int to = Math.min(total, from + size);
          int part = task % parts;
          int first = part * panels / parts;
          int end = (part + 1) * panels / parts;
          tile.compute(x, xOffset, y, yOffset, from, to, first, end);
        });
  }

  static boolean isLarge(PackedKernel kernel) {
    return (long) kernel.rows * kernel.columns > LARGE_KERNEL;
  }

  /**
   * Outputs of a tile: few, so that it stays in the first-level cache with what it becomes, but
   * more where the whole kernel would have to come from the third for each.
   */
  static int fittingRows(PackedKernel kernel) {
    int few = (kernel.rows < 32 ? 8 : 4) * Gemm.ROWS;
    return isLarge(kernel) ? Math.max(few, LARGE_TILE / kernel.rows) : few;
  }

  /**
   * The same for {@code total} outputs: a multiple of {@code unit}, which the first step likes
   * best, and tiles enough for all threads.
   */
  private static int tileRows(int total, int unit, PackedKernel kernel, int threads) {
    int fitting = fittingRows(kernel);
    if (unit > 2 * fitting || total < 2 * unit * threads) {
      unit = Gemm.ROWS;
    }
    int tiles = Math.max(1, total / fitting);
    int size = sharedRows(total, tiles, unit, threads);
    int even = sharedRows(total, 1, Gemm.ROWS, threads);
    boolean isUneven = longest(total, even, threads) < longest(total, size, threads);
    return even <= 2 * fitting && isUneven ? even : size;
  }

  /** The same for {@code tiles} tiles, or as many more as the threads can share evenly. */
  private static int sharedRows(int total, int tiles, int unit, int threads) {
    int shared = roundUp(tiles, Math.min(threads, 4));
    return roundUp(Math.max(1, (total + shared - 1) / shared), unit);
  }

  /** Outputs of the thread that has most to do. */
  private static int longest(int total, int size, int threads) {
    int tiles = (total + size - 1) / size;
    return Math.min(total, (tiles + threads - 1) / threads * size);
  }

  static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
