package sepal.kernels;

/** Working memory of one thread, kept from call to call so that it stays in the cache. */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  final Taps taps = new Taps();
  final Gemm.Operands operands = new Gemm.Operands();
  final SlidingWindow window = new SlidingWindow();
  private LineMemory tile = LineMemory.allocate(0);
  private int tileSize;
  private LineMemory rows = LineMemory.allocate(0);
  private int rowsSize;
  private LineMemory band = LineMemory.allocate(0);
  private int bandSize;
  private float[] edge = new float[0];
  private float[] plane = new float[0];

  private Scratch() {}

  static Scratch get() {
    return OF_THREAD.get();
  }

  /** What lies between depthwise and pointwise, or the inputs of a tile of outputs. */
  LineMemory tile(int size) {
    if (tileSize < size) {
      tile = LineMemory.allocate(size);
      tileSize = size;
    }
    return tile;
  }

  /** The rows of the input that a row of outputs reads. */
  LineMemory rows(int size) {
    if (rowsSize < size) {
      rows = LineMemory.allocate(size);
      rowsSize = size;
    }
    return rows;
  }

  /** Inputs and outputs of {@link ChannelsFirst}. */
  LineMemory band(int size) {
    if (bandSize < size) {
      band = LineMemory.allocate(size);
      bandSize = size;
    }
    return band;
  }

  /** Results that are narrower than a vector. */
  float[] edge(int size) {
    return edge.length < size ? edge = new float[size] : edge;
  }

  /** Some rows of one channel with their padding. */
  float[] plane(int size) {
    return plane.length < size ? plane = new float[size] : plane;
  }
}
