package sepal.kernels;

import org.jspecify.annotations.Nullable;

/** Working memory of one thread for gradients, kept from call to call. */
final class Buffers {
  private static final ThreadLocal<Buffers> OF_THREAD = ThreadLocal.withInitial(Buffers::new);

  /** What a buffer is for; all of them are in use at once. */
  enum Use {
    TRANSPOSED,
    UPSTREAM,
    LEFT,
    DOWN,
    INPUT_ROWS,
    DOWN_ROWS,
    OUTPUT_ROW,
    PACKED_LEFT,
    PACKED_RIGHT,
    SUMS
  }

  private final float[][] buffers = new float[Use.values().length][0];
  private final @Nullable LineMemory[] lines = new LineMemory[Use.values().length];
  private final int[] sizes = new int[Use.values().length];

  private Buffers() {}

  static Buffers get() {
    return OF_THREAD.get();
  }

  /** At least {@code size} values, of any content. */
  float[] get(Use use, int size) {
    float[] buffer = buffers[use.ordinal()];
    return buffer.length < size ? buffers[use.ordinal()] = new float[size] : buffer;
  }

  /** The same, beginning with a line of the cache. */
  LineMemory lines(Use use, int size) {
    LineMemory memory = lines[use.ordinal()];
    if (memory == null || sizes[use.ordinal()] < size) {
      memory = LineMemory.allocate(size);
      lines[use.ordinal()] = memory;
      sizes[use.ordinal()] = size;
    }
    return memory;
  }
}
