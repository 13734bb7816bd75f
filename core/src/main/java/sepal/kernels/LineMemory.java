package sepal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Memory that begins with a line of the cache, so that no vector of it lies across two lines: loads
 * of such vectors take twice as long, and processors with two units for 512-bit multiply-adds then
 * wait for them.
 *
 * <p>Java says nothing about addresses. But G1, the usual collector, puts an array of more than
 * half a region at the start of a region and never moves it, and its values then begin {@link
 * #HEADER} bytes later. So small pieces share an array that is large enough; unless others hold it,
 * it goes with the last of them. With other collectors the memory is as good as any other.
 *
 * @param data what holds the values, and those of others
 * @param start where the values begin
 */
record LineMemory(float[] data, int start) {
  private static final int HEADER = 16;
  private static final int LINE = 64 / Float.BYTES;
  static final int FIRST = LINE - HEADER / Float.BYTES;

  /** Values of a page of 4 KB, the smallest. */
  static final int PAGE = 4096 / Float.BYTES;

  /** 4 MB: large for G1's regions of up to 8 MB, those of heaps of up to 16 GB. */
  private static final int SHARED = 1024 * 1024;

  private static float @Nullable [] shared;
  private static int used;

  /** The first value of a page from {@code at} on, if the array begins with one. */
  static int nextPage(int at) {
    return at + Math.floorMod(-at - HEADER / Float.BYTES, PAGE);
  }

  /** {@code size} zeros that nobody else uses. */
  static synchronized LineMemory allocate(int size) {
    if (size > SHARED / 4) {
      return new LineMemory(new float[FIRST + size], FIRST);
    }
    float[] array = shared;
    if (array == null || used + size > SHARED) {
      array = new float[SHARED];
      shared = array;
      used = FIRST;
    }
    LineMemory memory = new LineMemory(array, used);
    used += (size + LINE - 1) / LINE * LINE;
    return memory;
  }
}
