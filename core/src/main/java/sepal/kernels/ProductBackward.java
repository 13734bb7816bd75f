package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The gradients of {@code y = clamp(left . matrix + bias)} on channels_last, where each row of
 * {@code left} belongs to an output pixel: the depthwise step, or a copy of the inputs under a
 * window. As in the forward, {@code left} is made tile by tile and used at once.
 *
 * <p>The work is split into ranges of output rows that depend on the geometry alone. Where the
 * matrix is small, every range has its own sums, which are added in order. Where it is large, the
 * rows of some ranges are kept until the matrix has taken them up, block by block. So the bits are
 * the same for any number of threads.
 */
final class ProductBackward {
  /** Greatest matrix of which every range has its own sums. */
  private static final int SMALL_MATRIX = 128 * 1024;

  /** Most ranges: many enough to share out among threads, few enough to add up. */
  private static final int PARTS = 16;

  /** Pixels of a tile: many enough for whole micro-kernels, few enough for the cache. */
  private static final int TILE = 96;

  /** Most values that wait for a large matrix. */
  private static final int WAITING = 1536 * 1024;

  /** What happens to a range of output rows; rows are asked for in order. */
  interface Part {
    /** Computes the rows of {@code left} for {@code count} output rows from {@code row} on. */
    void forward(int row, int count, float[] out, int outAt, int outStep);

    /** Takes the gradient by what {@link #forward} computed. */
    void backward(int row, int count, float[] values, int at, int step);
  }

  /** Starts a range of output rows. */
  interface Parts {
    Part start(int index, int from, int to);
  }

  /**
   * How the columns of {@code left} and of the output belong together.
   *
   * @param count of segments
   * @param leftStep from one segment's columns of left to the next one's
   * @param rows columns of left of a segment
   * @param upStep from one segment's outputs to the next one's
   * @param columns outputs of a segment
   * @param matrixStep from one segment's values in the matrix to the next one's
   * @param matrixRow from one row of a segment in the matrix to the next one
   */
  record Segments(
      int count, int leftStep, int rows, int upStep, int columns, int matrixStep, int matrixRow) {

    /** One matrix (rows, columns). */
    static Segments one(int rows, int columns) {
      return new Segments(1, 0, rows, 0, columns, 0, columns);
    }

    /** Columns filled up to whole vectors. */
    int width() {
      return Panels.wholeVectors(columns);
    }

    int size() {
      return count * rows * width();
    }

    /** Whether sums of whole vectors have the layout of the matrix. */
    boolean isMatrix() {
      return count == 1 && width() == columns && matrixRow == columns;
    }
  }

  private final float[] g;
  private final float @Nullable [] y;
  private final Clamp clamp;
  private final ConvGeometry geometry;
  private final Segments segments;
  private final PackedKernel transposed;
  private final float @Nullable [] dMatrix;
  private final boolean wantsBias;
  private final boolean wantsDown;
  private final int filters;
  private final int width;
  private final int rows;
  private final int parts;
  private final int upStep;
  private final int leftStep;
  private final int downStep;
  private final boolean own;

  /** What the ranges found, one after the other, or all of them together. */
  private float[] sums = new float[0];

  private final float[][] biasSums;

  /**
   * @param g the gradient by y
   * @param y what the forward stored, null if nothing was clamped
   * @param leftColumns columns of left, with everything that segments leave unused
   * @param transposed see {@link Panels#packTransposed}
   * @param dMatrix the gradient by the matrix, or null
   */
  ProductBackward(
      float[] g,
      float @Nullable [] y,
      Clamp clamp,
      ConvGeometry geometry,
      Segments segments,
      int leftColumns,
      PackedKernel transposed,
      float @Nullable [] dMatrix,
      boolean wantsBias,
      boolean wantsDown,
      int parts) {
    this.g = g;
    this.y = y;
    this.clamp = clamp;
    this.geometry = geometry;
    this.segments = segments;
    this.transposed = transposed;
    this.dMatrix = dMatrix;
    this.wantsBias = wantsBias;
    this.wantsDown = wantsDown;
    filters = geometry.filters();
    width = geometry.outputSize().get(1);
    rows = geometry.batch() * geometry.outputSize().get(0);
    this.parts = parts;
    int reach = segments.upStep * (segments.count - 1) + segments.width();
    upStep = Gemm.stride(Math.max(Panels.wholeVectors(filters), reach));
    leftStep = Panels.rowStride(leftColumns);
    downStep = Panels.rowStride(leftColumns + Gemm.LANES);
    own = segments.size() <= SMALL_MATRIX;
    biasSums = new float[parts][];
  }

  /** How many ranges there are. */
  static int parts(ConvGeometry geometry) {
    return parts(geometry.batch() * geometry.outputSize().get(0), geometry);
  }

  /**
   * How many ranges there are if none has rows of two images. Where nothing is summed up over the
   * batch, as in the forward of a transposed convolution, the bits of an image then do not depend
   * on those beside it.
   */
  static int partsByImage(ConvGeometry geometry) {
    return geometry.batch() * parts(geometry.outputSize().get(0), geometry);
  }

  private static int parts(int rows, ConvGeometry geometry) {
    long pixels = (long) rows * geometry.outputSize().get(1);
    return (int) Math.max(1, Math.min(Math.min(PARTS, rows), pixels / TILE));
  }

  /** The most output rows of a tile. */
  static int tileRows(ConvGeometry geometry) {
    return Math.max(1, (TILE + geometry.outputSize().get(1) - 1) / geometry.outputSize().get(1));
  }

  /** Goes through all ranges. */
  void run(Parts starter) {
    long pixels = (long) rows * width;
    long work =
        pixels * filters * segments.rows * ((dMatrix != null ? 1 : 0) + (wantsDown ? 1 : 0));
    if (own || dMatrix == null) {
      if (dMatrix != null) {
        sums = Buffers.get().get(Buffers.Use.SUMS, parts * segments.size());
      }
      Parallel.run(parts, work, i -> part(starter, i, Buffers.get(), null, null, 0));
      return;
    }
    int perPart = (rows + parts - 1) / parts * width;
    int together =
        (int) Math.max(1, Math.min(parts, WAITING / ((long) perPart * (leftStep + upStep))));
    float[] lefts = Buffers.get().get(Buffers.Use.LEFT, together * perPart * leftStep + Gemm.LANES);
    float[] ups = Buffers.get().get(Buffers.Use.UPSTREAM, together * perPart * upStep + Gemm.LANES);
    boolean inPlace = segments.isMatrix();
    sums = inPlace ? dMatrix : Buffers.get().get(Buffers.Use.SUMS, segments.size());
    for (int first = 0; first < parts; first += together) {
      int start = first;
      int end = Math.min(parts, first + together);
      int from = row(first);
      Parallel.run(
          end - first, work, i -> part(starter, start + i, Buffers.get(), lefts, ups, from));
      int taken = (row(end) - from) * width;
      Blocks.add(segments, lefts, leftStep, ups, upStep, taken, sums, inPlace || first > 0);
    }
  }

  private int row(int part) {
    return (int) ((long) rows * part / parts);
  }

  private void part(
      Parts starter,
      int index,
      Buffers buffers,
      float @Nullable [] lefts,
      float @Nullable [] ups,
      int firstRow) {
    int from = row(index);
    int to = row(index + 1);
    Part part = starter.start(index, from, to);
    int tiles = (to - from + tileRows(geometry) - 1) / tileRows(geometry);
    int most = (to - from + tiles - 1) / tiles * width;
    float[] up = ups != null ? ups : buffers.get(Buffers.Use.UPSTREAM, most * upStep + Gemm.LANES);
    float[] left =
        lefts != null ? lefts : buffers.get(Buffers.Use.LEFT, most * leftStep + Gemm.LANES);
    float[] bias = new float[wantsBias ? Panels.wholeVectors(filters) : 0];
    biasSums[index] = bias;
    for (int t = 0; t < tiles; t++) {
      int row = from + (to - from) * t / tiles;
      int count = from + (to - from) * (t + 1) / tiles - row;
      int pixels = count * width;
      int upAt = ups == null ? 0 : (row - firstRow) * width * upStep;
      Upstream.copy(g, y, clamp, row * width * filters, filters, pixels, up, upAt, upStep);
      if (wantsBias) {
        TapSums.rows(up, upAt, upStep, pixels, Panels.wholeVectors(filters), bias);
      }
      if (dMatrix != null) {
        int leftAt = lefts == null ? 0 : (row - firstRow) * width * leftStep;
        part.forward(row, count, left, leftAt, leftStep);
        if (own) {
          addOwn(index, left, up, pixels, t > 0);
        }
      }
      if (wantsDown) {
        float[] down = buffers.get(Buffers.Use.DOWN, pixels * downStep + Gemm.LANES);
        multiply(up, upAt, pixels, down);
        part.backward(row, count, down, 0, downStep);
      }
    }
  }

  private void addOwn(int index, float[] left, float[] up, int pixels, boolean add) {
    int w = segments.width();
    Buffers buffers = Buffers.get();
    float[] packedLeft = buffers.get(Buffers.Use.PACKED_LEFT, segments.rows * pixels);
    float[] packedUp = buffers.get(Buffers.Use.PACKED_RIGHT, w * pixels);
    for (int s = 0; s < segments.count; s++) {
      GemmTransposed.packLeft(
          left, s * segments.leftStep, leftStep, segments.rows, pixels, packedLeft, 0);
      GemmTransposed.packRight(up, s * segments.upStep, upStep, w, pixels, packedUp, 0);
      GemmTransposed.multiply(
          packedLeft,
          0,
          0,
          segments.rows,
          segments.rows,
          packedUp,
          0,
          0,
          w,
          pixels,
          sums,
          index * segments.size() + s * segments.rows * w,
          w,
          add);
    }
  }

  /** The gradient by {@code left}. */
  private void multiply(float[] up, int upAt, int pixels, float[] down) {
    Panels panels = new Panels(transposed.columns / transposed.groups);
    for (int s = 0; s < transposed.groups; s++) {
      for (int i = 0; i < panels.count(); i++) {
        Gemm.Product product =
            new Gemm.Product(
                up,
                upStep,
                transposed.data,
                transposed.rows,
                Gemm.ZEROS,
                0,
                Gemm.low(Clamp.NONE),
                Float.POSITIVE_INFINITY,
                down,
                downStep);
        int a = upAt + s * segments.upStep;
        int b = transposed.start + (s * panels.totalWidth() + i * Gemm.PANEL) * transposed.rows;
        int c = s * panels.columns() + panels.start(i);
        Gemm.multiply(product, pixels, a, b, 0, c, panels.width(i));
      }
    }
  }

  /**
   * Adds up what the ranges found.
   *
   * @param dBias the gradient by the bias, or null
   */
  void finish(float @Nullable [] dBias) {
    if (dBias != null) {
      for (float[] part : biasSums) {
        add(part, 0, dBias, 0, filters);
      }
    }
    if (dMatrix != null && dMatrix != sums) {
      int found = own ? parts : 1;
      Parallel.run(
          segments.count * segments.rows,
          (long) dMatrix.length * found,
          i -> {
            int to =
                i / segments.rows * segments.matrixStep + i % segments.rows * segments.matrixRow;
            for (int part = 0; part < found; part++) {
              int from = part * segments.size() + i * segments.width();
              add(sums, from, dMatrix, to, segments.columns);
            }
          });
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }
}
