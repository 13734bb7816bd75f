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
  private static final int WAITING = 3 * 1024 * 1024;

  /** Pixels that a large matrix is multiplied with at a time: it comes from afar for each tile. */
  private static final int LARGE_TILE = 19 * Gemm.ROWS;

  /** Panels of a large matrix that one task multiplies. */
  private static final int TOGETHER = 8;

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

  private int sumsStart;

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
    biasSums = new float[parts][wantsBias ? Panels.wholeVectors(filters) : 0];
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
    int products = (dMatrix != null ? 1 : 0) + (wantsDown ? 1 : 0);
    long work = (long) rows * width * filters * segments.rows * products;
    if (own || dMatrix == null) {
      if (dMatrix != null) {
        LineMemory memory = Buffers.get().lines(Buffers.Use.SUMS, parts * segments.size());
        sums = memory.data();
        sumsStart = memory.start();
      }
      Parallel.run(parts, work, i -> part(starter, i));
      return;
    }
    boolean inPlace = segments.isMatrix();
    sums = inPlace ? dMatrix : Buffers.get().get(Buffers.Use.SUMS, segments.size());
    long perPart = (long) (rows + parts - 1) / parts * width * (upStep + downStep);
    int rounds = (int) Math.min(parts, (parts * perPart + WAITING - 1) / WAITING);
    for (int round = 0; round < rounds; round++) {
      int first = parts * round / rounds;
      runTogether(starter, first, parts * (round + 1) / rounds, work / rounds, round > 0);
    }
  }

  /** Some ranges, with which a large matrix is multiplied at once, and to which it adds at once. */
  private void runTogether(Parts starter, int first, int end, long work, boolean add) {
    int from = row(first);
    int pixels = (row(end) - from) * width;
    Buffers buffers = Buffers.get();
    LineMemory up = buffers.lines(Buffers.Use.UPSTREAM, pixels * upStep + Gemm.LANES);
    LineMemory down =
        buffers.lines(Buffers.Use.DOWN, wantsDown ? pixels * downStep + Gemm.LANES : 0);
    Blocks blocks = new Blocks(segments, pixels);
    Parallel.run(
        end - first,
        work,
        i -> {
          for (int t = 0; t < tiles(first + i); t++) {
            int row = tile(first + i, t);
            int count = tile(first + i, t + 1) - row;
            int pixel = (row - from) * width;
            int at = up.start() + pixel * upStep;
            upstream(first + i, row, count, up.data(), at);
            blocks.packRight(pixel, count * width, up.data(), at, upStep);
          }
        });
    if (wantsDown) {
      int fewest = (pixels + LARGE_TILE - 1) / LARGE_TILE;
      int size = (pixels + fewest * Gemm.ROWS - 1) / (fewest * Gemm.ROWS) * Gemm.ROWS;
      int tiles = (pixels + size - 1) / size;
      int panels = new Panels(transposed.columns / transposed.groups).count();
      int across = (panels + TOGETHER - 1) / TOGETHER;
      Parallel.run(
          tiles * across,
          work,
          task -> {
            int pixel = task / across * size;
            int count = Math.min(pixels - pixel, size);
            int panel = task % across * TOGETHER;
            int last = Math.min(panels, panel + TOGETHER);
            int upAt = up.start() + pixel * upStep;
            int downAt = down.start() + pixel * downStep;
            multiply(up.data(), upAt, count, panel, last, down.data(), downAt);
          });
    }
    Parallel.run(
        end - first,
        work,
        i -> {
          int most = most(first + i) * leftStep + Gemm.LANES;
          LineMemory left = Buffers.get().lines(Buffers.Use.LEFT, most);
          Part part = starter.start(first + i, row(first + i), row(first + i + 1));
          for (int t = 0; t < tiles(first + i); t++) {
            int row = tile(first + i, t);
            int count = tile(first + i, t + 1) - row;
            int pixel = (row - from) * width;
            part.forward(row, count, left.data(), left.start(), leftStep);
            blocks.packLeft(pixel, count * width, left.data(), left.start(), leftStep);
            if (wantsDown) {
              int at = down.start() + pixel * downStep;
              part.backward(row, count, down.data(), at, downStep);
            }
          }
        });
    blocks.multiply(sums, add);
  }

  private int row(int part) {
    return (int) ((long) rows * part / parts);
  }

  private int tiles(int part) {
    return (row(part + 1) - row(part) + tileRows(geometry) - 1) / tileRows(geometry);
  }

  /** The most pixels of a tile. */
  private int most(int part) {
    return (row(part + 1) - row(part) + tiles(part) - 1) / tiles(part) * width;
  }

  /** The first row of tile {@code i} of a range. */
  private int tile(int part, int i) {
    return row(part) + (row(part + 1) - row(part)) * i / tiles(part);
  }

  private void part(Parts starter, int index) {
    Part part = starter.start(index, row(index), row(index + 1));
    int most = most(index);
    Buffers buffers = Buffers.get();
    LineMemory up = buffers.lines(Buffers.Use.UPSTREAM, most * upStep + Gemm.LANES);
    LineMemory left = buffers.lines(Buffers.Use.LEFT, most * leftStep + Gemm.LANES);
    LineMemory down = buffers.lines(Buffers.Use.DOWN, most * downStep + Gemm.LANES);
    int panels = new Panels(transposed.columns / transposed.groups).count();
    for (int t = 0; t < tiles(index); t++) {
      int row = tile(index, t);
      int count = tile(index, t + 1) - row;
      int pixels = count * width;
      upstream(index, row, count, up.data(), up.start());
      if (dMatrix != null) {
        part.forward(row, count, left.data(), left.start(), leftStep);
        addOwn(index, left, up, pixels, t > 0);
      }
      if (wantsDown) {
        multiply(up.data(), up.start(), pixels, 0, panels, down.data(), down.start());
        part.backward(row, count, down.data(), down.start(), downStep);
      }
    }
  }

  /** Copies the gradient by some rows of outputs, and sums it up for the bias. */
  private void upstream(int part, int row, int count, float[] up, int at) {
    int pixels = count * width;
    Upstream.copy(g, y, clamp, row * width * filters, filters, pixels, up, at, upStep);
    if (wantsBias) {
      TapSums.rows(up, at, upStep, pixels, Panels.wholeVectors(filters), biasSums[part]);
    }
  }

  private void addOwn(int index, LineMemory left, LineMemory up, int pixels, boolean add) {
    int w = segments.width();
    Buffers buffers = Buffers.get();
    LineMemory packedLeft = buffers.lines(Buffers.Use.PACKED_LEFT, segments.rows * pixels);
    LineMemory packedUp = buffers.lines(Buffers.Use.PACKED_RIGHT, w * pixels);
    for (int s = 0; s < segments.count; s++) {
      int leftAt = left.start() + s * segments.leftStep;
      int upAt = up.start() + s * segments.upStep;
      GemmTransposed.packLeft(
          left.data(),
          leftAt,
          leftStep,
          segments.rows,
          0,
          pixels,
          pixels,
          packedLeft.data(),
          packedLeft.start());
      GemmTransposed.packRight(
          up.data(), upAt, upStep, w, 0, pixels, pixels, packedUp.data(), packedUp.start());
      GemmTransposed.multiply(
          packedLeft.data(),
          packedLeft.start(),
          0,
          segments.rows,
          segments.rows,
          packedUp.data(),
          packedUp.start(),
          0,
          w,
          pixels,
          sums,
          sumsStart + index * segments.size() + s * segments.rows * w,
          w,
          add);
    }
  }

  /** The gradient by {@code left}, panels {@code first} to {@code end} of each group. */
  private void multiply(
      float[] up, int upAt, int pixels, int first, int end, float[] down, int downAt) {
    Panels panels = new Panels(transposed.columns / transposed.groups);
    Gemm.Product product =
        new Gemm.Product(
            transposed.data,
            transposed.rows,
            Gemm.ZEROS,
            0,
            Gemm.low(Clamp.NONE),
            Float.POSITIVE_INFINITY);
    for (int s = 0; s < transposed.groups; s++) {
      for (int i = first; i < end; i++) {
        int a = upAt + s * segments.upStep;
        int b = transposed.start + (s * panels.totalWidth() + i * Gemm.PANEL) * transposed.rows;
        int c = downAt + s * panels.columns() + panels.start(i);
        Gemm.multiply(product, pixels, up, a, upStep, b, 0, down, c, downStep, panels.width(i), -1);
      }
    }
  }

  /**
   * Adds up what the ranges found: adds it to {@code dBias}, but overwrites the gradient by the
   * matrix.
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
            int at = sumsStart + i * segments.width();
            System.arraycopy(sums, at, dMatrix, to, segments.columns);
            for (int part = 1; part < found; part++) {
              add(sums, part * segments.size() + at, dMatrix, to, segments.columns);
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
