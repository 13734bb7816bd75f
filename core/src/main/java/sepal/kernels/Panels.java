package sepal.kernels;

/**
 * How the columns of one group are cut into panels, and how a matrix is laid out for {@link Gemm}.
 *
 * <p>Pixels are multiplied with the matrix, which is cut into panels of one or two vectors. Each
 * vector of columns lies by itself (rows, lanes): a kernel that comes from memory then comes in two
 * streams, which processors fetch faster than one.
 *
 * @param columns columns of one group
 */
record Panels(int columns) {
  /** Rows that are transposed at a time: what is written stays in the cache. */
  private static final int CHUNK = 64;

  /** Rows that are packed at a time: few enough for memory to see where they go on. */
  private static final int FEW = 8;

  int count() {
    return (columns + Gemm.PANEL - 1) / Gemm.PANEL;
  }

  /** Columns of panel {@code i}: at least {@link Gemm#LANES}, filled up with zeros if need be. */
  int width(int i) {
    return Math.max(Math.min(Gemm.PANEL, columns - i * Gemm.PANEL), Gemm.LANES);
  }

  /**
   * The first column of panel {@code i}; a last panel that is too narrow overlaps the one before.
   */
  int start(int i) {
    return Math.max(0, Math.min(i * Gemm.PANEL, columns - Gemm.LANES));
  }

  /** {@code width} rounded up to whole vectors. */
  static int wholeVectors(int width) {
    return (width + Gemm.LANES - 1) / Gemm.LANES * Gemm.LANES;
  }

  /** Vectors of all panels. */
  private int vectors() {
    return wholeVectors(columns) / Gemm.LANES;
  }

  /** The first column of vector {@code v}; the last may overlap the one before. */
  private int vectorStart(int v) {
    return Math.max(0, Math.min(v * Gemm.LANES, columns - Gemm.LANES));
  }

  /** Values of a row of all panels, the overlap counted twice. */
  int totalWidth() {
    return wholeVectors(columns);
  }

  static PackedKernel pack(float[] matrix, int rows, int columns, int groups) {
    Panels panels = new Panels(columns / groups);
    LineMemory memory = LineMemory.allocate(groups * rows * panels.totalWidth());
    int vectors = panels.vectors();
    int used = Math.min(Gemm.LANES, panels.columns);
    for (int row = 0; row < rows; row += FEW) {
      int end = Math.min(rows, row + FEW);
      for (int i = 0; i < groups * vectors; i++) {
        int at = memory.start() + i * rows * Gemm.LANES;
        int first = i / vectors * panels.columns + panels.vectorStart(i % vectors);
        for (int k = row; k < end; k++) {
          System.arraycopy(matrix, k * columns + first, memory.data(), at + k * Gemm.LANES, used);
        }
      }
    }
    return new PackedKernel(memory.data(), memory.start(), rows, columns, groups, false);
  }

  /**
   * How far apart rows of {@code depth} values lie: rows that are a multiple of 1 KB apart would
   * compete for the same lines of the first cache.
   */
  static int rowStride(int depth) {
    return depth % 256 == 0 ? depth + 16 : depth;
  }

  /** The packed {@code kernel} with row c * multiplier + m moved to m * channels + c. */
  static PackedKernel multiplierMajor(PackedKernel kernel, int multiplier) {
    PackedKernel moved = kernel.multiplierMajor;
    if (moved == null) {
      moved = moveRows(kernel, multiplier);
      kernel.multiplierMajor = moved;
    }
    return moved;
  }

  private static PackedKernel moveRows(PackedKernel kernel, int multiplier) {
    Panels panels = new Panels(kernel.columns);
    int rows = kernel.rows;
    int channels = rows / multiplier;
    LineMemory memory = LineMemory.allocate(rows * panels.totalWidth());
    for (int i = 0; i < rows * panels.vectors(); i++) {
      int row = i % rows;
      int to = i - row + row % multiplier * channels + row / multiplier;
      System.arraycopy(
          kernel.data,
          kernel.start + i * Gemm.LANES,
          memory.data(),
          memory.start() + to * Gemm.LANES,
          Gemm.LANES);
    }
    return new PackedKernel(
        memory.data(), memory.start(), kernel.rows, kernel.columns, kernel.groups, false);
  }

  /**
   * Packs the transposed matrix of each group, for the gradient by the inputs: rows are outputs,
   * columns are inputs in the order (multiplier, inputs / multiplier). With a multiplier above 1,
   * each of its parts is filled up to whole vectors.
   *
   * @param matrix (rows, columns) as in the forward; row i * multiplier + m
   * @param memory {@link #transposedSize} values, overwritten
   */
  static PackedKernel packTransposed(
      float[] matrix, int rows, int columns, int groups, int multiplier, LineMemory memory) {
    int inputs = rows / multiplier;
    int padded = transposedColumns(rows, multiplier) / multiplier;
    int depth = columns / groups;
    Panels panels = new Panels(padded * multiplier);
    float[] data = memory.data();
    int vectors = panels.vectors();
    Parallel.run(
        groups * vectors,
        transposedSize(rows, columns, multiplier),
        task -> {
          int at = memory.start() + task * depth * Gemm.LANES;
          int first = panels.vectorStart(task % vectors);
          for (int k = 0; k < depth; k += CHUNK) {
            int end = Math.min(depth, k + CHUNK);
            for (int j = 0; j < Gemm.LANES; j++) {
              int column = first + j;
              int input = column % padded;
              int to = at + k * Gemm.LANES + j;
              if (column < panels.columns && input < inputs) {
                int row = input * multiplier + column / padded;
                int from = row * columns + task / vectors * depth;
                spread(matrix, from + k, end - k, data, to);
              } else {
                for (int i = 0; i < end - k; i++) {
                  data[to + i * Gemm.LANES] = 0;
                }
              }
            }
          }
        });
    return new PackedKernel(data, memory.start(), depth, panels.columns * groups, groups, false);
  }

  static PackedKernel packTransposed(float[] matrix, int rows, int columns, int groups) {
    LineMemory memory = LineMemory.allocate(transposedSize(rows, columns, 1));
    return packTransposed(matrix, rows, columns, groups, 1, memory);
  }

  /** Values of {@link #packTransposed}. */
  static int transposedSize(int rows, int columns, int multiplier) {
    return wholeVectors(transposedColumns(rows, multiplier)) * columns;
  }

  /** Columns of one group. */
  private static int transposedColumns(int rows, int multiplier) {
    return multiplier == 1 ? rows : multiplier * wholeVectors(rows / multiplier);
  }

  /** Copies a row of the matrix to one lane of the rows of a vector. */
  private static void spread(float[] from, int fromAt, int count, float[] to, int toAt) {
    for (int i = 0; i < count; i++) {
      to[toAt + i * Gemm.LANES] = from[fromAt + i];
    }
  }
}
