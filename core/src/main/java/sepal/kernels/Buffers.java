package sepal.kernels;

/** Working memory of one thread for gradients, kept from call to call. */
final class Buffers {
  private static final ThreadLocal<Buffers> OF_THREAD = ThreadLocal.withInitial(Buffers::new);

  /** What a buffer is for; all of them are in use at once. */
  enum Use {
    UPSTREAM,
    LEFT,
    DOWN,
    INPUT_ROWS,
    DOWN_ROWS,
    OUTPUT_ROW,
    PACKED_LEFT,
    PACKED_RIGHT
  }

  private final float[][] buffers = new float[Use.values().length][0];

  private Buffers() {}

  static Buffers get() {
    return OF_THREAD.get();
  }

  /** At least {@code size} values, of any content. */
  float[] get(Use use, int size) {
    float[] buffer = buffers[use.ordinal()];
    return buffer.length < size ? buffers[use.ordinal()] = new float[size] : buffer;
  }
}
