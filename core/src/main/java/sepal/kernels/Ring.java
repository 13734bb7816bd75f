package sepal.kernels;

import java.util.Arrays;

/**
 * The latest rows of an image, each with zeros at both ends, and one row of zeros for those outside
 * of the image. For every vector of channels, the columns of a row lie side by side: a loop along
 * the row then reads lines of the cache one after the other, a constant distance apart.
 *
 * @param start where the first row lies
 * @param rows how many rows are kept
 * @param columns of a row, zeros included
 * @param vectors of channels
 */
record Ring(float[] data, int start, int rows, int columns, int vectors) {

  /** A ring in memory that the thread keeps. */
  static Ring of(Buffers.Use use, int rows, int columns, int vectors) {
    LineMemory memory = Buffers.get().lines(use, (rows + 1) * columns * vectors * Gemm.LANES);
    return new Ring(memory.data(), memory.start(), rows, columns, vectors);
  }

  Ring {
    int length = columns * vectors * Gemm.LANES;
    Arrays.fill(data, start + rows * length, start + (rows + 1) * length, 0);
  }

  /** From the columns of one vector of channels to those of the next. */
  int plane() {
    return columns * Gemm.LANES;
  }

  /** Where row {@code row} lies. */
  int at(int row) {
    return start + row % rows * vectors * plane();
  }

  /** Where a row of zeros lies. */
  int zeros() {
    return start + rows * vectors * plane();
  }

  /**
   * Copies {@code count} pixels into row {@code row}, from column {@code first} on, with zeros
   * before and after. Channels are filled up to whole vectors with whatever follows in {@code
   * from}.
   *
   * @param step from one pixel to the next in {@code from}
   */
  void put(int row, float[] from, int fromAt, int step, int first, int count) {
    int to = at(row);
    int end = first + count;
    for (int v = 0; v < vectors; v++) {
      TapSums.zeros(data, to, first);
      int at = fromAt + v * Gemm.LANES;
      int inside = Math.floorDiv(from.length - Gemm.LANES - at, step) + 1;
      int whole = Math.max(0, Math.min(count, inside));
      TapSums.copy(from, at, step, data, to + first * Gemm.LANES, whole);
      for (int i = whole; i < count; i++) {
        int left = Math.min(Gemm.LANES, from.length - at - i * step);
        System.arraycopy(from, at + i * step, data, to + (first + i) * Gemm.LANES, left);
      }
      TapSums.zeros(data, to + end * Gemm.LANES, columns - end);
      to += plane();
    }
  }
}
