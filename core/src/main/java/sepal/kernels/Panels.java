package sepal.kernels;

import sepal.shape.DataFormat;

/**
 * How the columns of one group are cut into panels, and how a matrix is laid out for {@link Gemm}.
 *
 * <p>channels_last multiplies pixels with the matrix: the matrix is b, cut into panels (rows,
 * width), one after the other. channels_first multiplies the matrix with pixels: the matrix is a,
 * see {@link GemmFirst#pack}.
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

  /** How far apart the rows of panel {@code i} lie: whole vectors. */
  int stride(int i) {
    return wholeVectors(width(i));
  }

  /** {@code width} rounded up to whole vectors. */
  static int wholeVectors(int width) {
    return (width + Gemm.LANES - 1) / Gemm.LANES * Gemm.LANES;
  }

  /**
   * The column at {@code place} of a row of panel {@code i}: the last vector ends with the panel.
   */
  int column(int i, int place) {
    int lane = place % Gemm.LANES;
    return start(i) + Math.min(place - lane, width(i) - Gemm.LANES) + lane;
  }

  /** Where {@code column} lies in a row of panel {@code i}: {@link #column} taken back. */
  private int place(int i, int column) {
    int place = column - start(i);
    int last = stride(i) - Gemm.LANES;
    return place < last ? place : place + stride(i) - width(i);
  }

  /** Places of a row of all panels, the overlap counted twice. */
  int totalStride() {
    return (count() - 1) * Gemm.PANEL + stride(count() - 1);
  }

  static PackedKernel pack(
      float[] matrix, int rows, int columns, int groups, DataFormat dataFormat) {
    if (dataFormat == DataFormat.CHANNELS_FIRST) {
      return packFirst(matrix, rows, columns, groups);
    }
    Panels panels = new Panels(columns / groups);
    LineMemory memory = LineMemory.allocate(groups * rows * panels.totalStride());
    float[] data = memory.data();
    int count = panels.count();
    for (int row = 0; row < rows; row += FEW) {
      int end = Math.min(rows, row + FEW);
      for (int i = 0; i < groups * count; i++) {
        int panel = i % count;
        int stride = panels.stride(panel);
        int at = memory.start() + (i / count * panels.totalStride() + panel * Gemm.PANEL) * rows;
        int whole = panels.width(panel) == Gemm.PANEL ? Gemm.PANEL : Gemm.LANES;
        for (int k = row; k < end; k++) {
          int from = k * columns + i / count * panels.columns;
          for (int j = 0; j < stride; j += whole) {
            int first = panels.column(panel, j);
            int used = Math.min(whole, panels.columns - first);
            System.arraycopy(matrix, from + first, data, at + k * stride + j, used);
          }
        }
      }
    }
    return new PackedKernel(data, memory.start(), rows, columns, groups, dataFormat, false);
  }

  private static PackedKernel packFirst(float[] matrix, int rows, int columns, int groups) {
    int count = columns / groups;
    int size = GemmFirst.packedRows(count) * rows;
    float[] data = new float[groups * size];
    for (int group = 0; group < groups; group++) {
      GemmFirst.pack(matrix, columns, rows, group * count, count, data, group * size);
    }
    return new PackedKernel(data, rows, columns, groups, DataFormat.CHANNELS_FIRST, false);
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
    int channels = kernel.rows / multiplier;
    LineMemory memory = LineMemory.allocate(kernel.rows * panels.totalStride());
    for (int i = 0; i < panels.count(); i++) {
      int stride = panels.stride(i);
      int panel = i * Gemm.PANEL * kernel.rows;
      for (int row = 0; row < kernel.rows; row++) {
        int from = kernel.start + panel + row * stride;
        int to = row % multiplier * channels + row / multiplier;
        int at = memory.start() + panel + to * stride;
        System.arraycopy(kernel.data, from, memory.data(), at, stride);
      }
    }
    return new PackedKernel(
        memory.data(),
        memory.start(),
        kernel.rows,
        kernel.columns,
        kernel.groups,
        kernel.dataFormat,
        false);
  }

  /**
   * Packs the transposed matrix of each group, for the gradient by the inputs: rows are outputs,
   * columns are inputs in the order (multiplier, inputs / multiplier). With a multiplier above 1,
   * each of its parts is filled up to whole vectors.
   *
   * @param matrix (rows, columns) as in the forward; row i * multiplier + m
   */
  static PackedKernel packTransposed(
      float[] matrix, int rows, int columns, int groups, int multiplier) {
    int inputs = rows / multiplier;
    int padded = multiplier == 1 ? inputs : wholeVectors(inputs);
    int depth = columns / groups;
    Panels panels = new Panels(padded * multiplier);
    int size = groups * depth * panels.totalStride();
    LineMemory memory = LineMemory.allocate(size);
    float[] data = memory.data();
    int count = panels.count();
    Parallel.run(
        groups * count,
        size,
        task -> {
          int panel = task % count;
          int at =
              memory.start() + (task / count * panels.totalStride() + panel * Gemm.PANEL) * depth;
          int width = panels.stride(panel);
          for (int k = 0; k < depth; k += CHUNK) {
            int end = Math.min(depth, k + CHUNK);
            for (int j = 0; j < width; j++) {
              int column = panels.column(panel, j);
              int input = column % padded;
              if (column < panels.columns && input < inputs) {
                int row = input * multiplier + column / padded;
                int from = row * columns + task / count * depth;
                if (width == Gemm.PANEL) {
                  spread(matrix, from + k, end - k, data, at + k * width + j);
                  continue;
                }
                for (int i = k; i < end; i++) {
                  data[at + i * width + j] = matrix[from + i];
                }
              }
            }
          }
        });
    return new PackedKernel(
        data,
        memory.start(),
        depth,
        panels.columns * groups,
        groups,
        DataFormat.CHANNELS_LAST,
        false);
  }

  /** Copies a row to a column of a full panel. */
  private static void spread(float[] from, int fromAt, int count, float[] to, int toAt) {
    for (int i = 0; i < count; i++) {
      to[toAt + i * Gemm.PANEL] = from[fromAt + i];
    }
  }

  /** Takes {@link #packTransposed} back. */
  static PackedKernel plain(PackedKernel packed, int rows, int multiplier) {
    int inputs = rows / multiplier;
    int padded = packed.columns / packed.groups / multiplier;
    int depth = packed.rows;
    Panels panels = new Panels(packed.columns / packed.groups);
    int columns = depth * packed.groups;
    float[] matrix = new float[rows * columns];
    for (int i = 0; i < matrix.length; i++) {
      int row = i / columns;
      int column = row % multiplier * padded + row / multiplier;
      int panel = column / Gemm.PANEL;
      int k = i % columns;
      int group = k / depth;
      int place = panels.place(panel, column);
      int at = packed.start + (group * panels.totalStride() + panel * Gemm.PANEL) * depth;
      matrix[i] = packed.data[at + k % depth * panels.stride(panel) + place];
    }
    return new PackedKernel(matrix, rows, columns, packed.groups, DataFormat.CHANNELS_LAST, true);
  }
}
