package sepal.kernels;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * What {@link WarmingKernels} compute with at first: the forward kernels in plain loops that give
 * the same bits as {@link VectorKernels}, since every sum begins with the same number and runs in
 * the same order, with one {@link Math#fma} for each term. Whatever they may round, they round
 * alike.
 *
 * <p>All inner loops are of two forms, {@link #add} and {@link #add4}, over whole arrays: short to
 * compile, and even old compilers see that they can be turned into SIMD, because arrays of the same
 * index cannot overlap. What lies elsewhere is copied to such arrays first. Matrices are as they
 * were given, (rows, columns), and finite.
 */
final class PlainForward {
  /** Pixels of a tile on channels_last: each copied row of the matrix is used for all of them. */
  private static final int PIXELS = 32;

  /** Values of a tile of the other factor: what fits in the second-level cache. */
  private static final int TILE = 64 * 1024;

  private PlainForward() {}

  /**
   * Four values a round, which do not wait for each other; an exponent of ones ends up negative.
   */
  static boolean isFinite(float[] values) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    int whole = values.length & -4;
    for (int i = 0; i < whole; i += 4) {
      a |= overflowing(values[i]);
      b |= overflowing(values[i + 1]);
      c |= overflowing(values[i + 2]);
      d |= overflowing(values[i + 3]);
    }
    for (int i = whole; i < values.length; i++) {
      a |= overflowing(values[i]);
    }
    return (a | b | c | d) >= 0;
  }

  private static int overflowing(float value) {
    return (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) + (1 << 23);
  }

  static void separable(
      float[] x,
      int xOffset,
      float[] depthwise,
      int multiplier,
      float[] matrix,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      ConvGeometry last = geometry.with(DataFormat.CHANNELS_LAST);
      transposed(
          (in, inAt, out, outAt) ->
              separable(in, inAt, depthwise, multiplier, matrix, bias, clamp, out, outAt, last),
          x,
          xOffset,
          y,
          yOffset,
          geometry);
      return;
    }
    int depth = geometry.channels() * multiplier;
    PlainDepthwise first = new PlainDepthwise(x, xOffset, depthwise, multiplier, null, geometry);
    Output output = new Output(geometry.filters(), 1, bias, clamp, y, yOffset);
    run(new Matrix(matrix, depth, 1, multiplier), first, output, geometry);
  }

  static void conv(
      float[] x,
      int xOffset,
      float[] matrix,
      int groups,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      ConvGeometry last = geometry.with(DataFormat.CHANNELS_LAST);
      transposed(
          (in, inAt, out, outAt) -> conv(in, inAt, matrix, groups, bias, clamp, out, outAt, last),
          x,
          xOffset,
          y,
          yOffset,
          geometry);
      return;
    }
    int channels = geometry.channels() / groups;
    int depth = geometry.window().size().product() * channels;
    Windows first = new Windows(x, xOffset, channels, geometry, new PlainTaps(geometry, false));
    Output output = new Output(geometry.filters(), groups, bias, clamp, y, yOffset);
    run(new Matrix(matrix, depth, groups, 1), first, output, geometry);
  }

  static void dense(
      float[] x,
      int xOffset,
      int count,
      float[] matrix,
      int rows,
      int columns,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset) {
    Output output = new Output(columns, 1, bias, clamp, y, yOffset);
    Matrix kernel = new Matrix(matrix, rows, 1, 1);
    Parallel.run(
        (count + PIXELS - 1) / PIXELS,
        (long) count * rows * columns,
        new DenseTask(x, xOffset, count, kernel, output));
  }

  private static void run(Matrix matrix, Inputs inputs, Output output, ConvGeometry geometry) {
    int pixels = geometry.outputSize().product();
    long work = (long) geometry.batch() * pixels * matrix.depth * output.columns;
    int total = geometry.batch() * pixels;
    int size = Math.max(4, Math.min(PIXELS, TILE / matrix.depth));
    Parallel.run(
        (total + size - 1) / size, work, new LastTask(matrix, inputs, output, size, total));
  }

  /** Computes on channels_last, as {@link ChannelsFirst} does. */
  private static void transposed(
      Forward last, float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    float[] out = new float[geometry.output().size()];
    last.run(Planes.toLast(x, xOffset, geometry.input()), 0, out, 0);
    Planes.toFirst(out, geometry.output(), y, yOffset);
  }

  static void depthwise(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    PlainDepthwise step = new PlainDepthwise(x, xOffset, kernel, multiplier, bias, geometry);
    int pixels = geometry.outputSize().product();
    long work =
        (long) geometry.batch() * pixels * geometry.filters() * geometry.window().size().product();
    IntConsumer task = new DepthwiseTask(step, clamp, y, yOffset);
    if (geometry.dataFormat() == DataFormat.CHANNELS_LAST) {
      Parallel.run((geometry.batch() * pixels + PIXELS - 1) / PIXELS, work, task);
    } else {
      Parallel.run(geometry.batch() * geometry.channels(), work, task);
    }
  }

  /** The greatest values under the window or their mean, on channels_last. */
  static void pool(
      float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry, boolean greatest) {
    PlainTaps taps = new PlainTaps(geometry, false);
    long work = (long) geometry.output().size() * taps.count;
    Parallel.run(
        geometry.batch() * taps.newHeight,
        work,
        new PoolTask(x, xOffset, y, yOffset, geometry.channels(), greatest, taps));
  }

  static void scaleShift(
      float[] x,
      int xOffset,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yOffset,
      int outer,
      int channels,
      int inner) {
    for (int row = 0; row < outer * channels; row++) {
      float factor = scale[row % channels];
      float term = shift[row % channels];
      for (int i = row * inner; i < (row + 1) * inner; i++) {
        float value = Math.fma(x[xOffset + i], factor, term);
        y[yOffset + i] = ScalarKernels.clamp(value, clamp);
      }
    }
  }

  // ---- the inner loops

  /** {@code y += a * b}. */
  static void add(float[] y, float a, float[] b) {
    for (int j = 0; j < y.length; j++) {
      y[j] = Math.fma(a, b[j], y[j]);
    }
  }

  /** {@code y += a * b}. */
  static void add(float[] y, float[] a, float[] b) {
    for (int j = 0; j < y.length; j++) {
      y[j] = Math.fma(a[j], b[j], y[j]);
    }
  }

  /** Four times {@link #add}, one after the other. */
  private static void add4(
      float[] y,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3) {
    for (int j = 0; j < y.length; j++) {
      float sum = Math.fma(a1, b1[j], Math.fma(a0, b0[j], y[j]));
      y[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], sum));
    }
  }

  /**
   * {@code y += a . b}.
   *
   * @param a value (r, k) lies at {@code aAt + r * depth + k}
   */
  private static void multiply(float[] a, int aAt, MatrixRows b, int depth, float[][] y, int rows) {
    int columns = y[0].length;
    float[] b0 = new float[columns];
    float[] b1 = new float[columns];
    float[] b2 = new float[columns];
    float[] b3 = new float[columns];
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      b.copy(k, b0);
      b.copy(k + 1, b1);
      b.copy(k + 2, b2);
      b.copy(k + 3, b3);
      for (int r = 0; r < rows; r++) {
        int at = aAt + r * depth + k;
        add4(y[r], a[at], a[at + 1], a[at + 2], a[at + 3], b0, b1, b2, b3);
      }
    }
    for (; k < depth; k++) {
      b.copy(k, b0);
      for (int r = 0; r < rows; r++) {
        add(y[r], a[aAt + r * depth + k], b0);
      }
    }
  }

  // ---- the factors

  /**
   * A matrix of the weights, (depth, columns), of which each group has some columns.
   *
   * @param multiplier above 1, rows (channels, multiplier) are taken in the order (multiplier,
   *     channels) on channels_last
   */
  private record Matrix(float[] values, int depth, int groups, int multiplier) {
    int columns() {
      return values.length / Math.max(1, depth);
    }
  }

  /** The columns of one group. */
  private record MatrixRows(Matrix matrix, int first) {
    void copy(int k, float[] to) {
      int channels = matrix.depth / matrix.multiplier;
      int row = k % channels * matrix.multiplier + k / channels;
      System.arraycopy(matrix.values, row * matrix.columns() + first, to, 0, to.length);
    }
  }

  /** What is multiplied with the weights. */
  interface Inputs {
    /** The inputs of an output, counted over the batch, with one group's weights. */
    void pixel(int output, int group, float[] to, int at);
  }

  /** The inputs under the window, zeros on padding. */
  private record Windows(
      float[] x, int xOffset, int channels, ConvGeometry geometry, PlainTaps taps)
      implements Inputs {
    @Override
    public void pixel(int output, int group, float[] to, int at) {
      int oy = output / taps.newWidth % taps.newHeight;
      int ox = output % taps.newWidth;
      int image = xOffset + taps.image(output) + group * channels;
      for (int i = 0; i < taps.count; i++, at += channels) {
        int source = taps.source(i, oy, ox);
        if (source < 0) {
          Arrays.fill(to, at, at + channels, 0);
        } else if (channels == 1) {
          to[at] = x[image + source];
        } else {
          System.arraycopy(x, image + source, to, at, channels);
        }
      }
    }
  }

  // ---- the tasks

  /** Where results go: with the bias before and the clamp after the sums. */
  private record Output(
      int columns, int groups, float @Nullable [] bias, Clamp clamp, float[] y, int yOffset) {

    int width() {
      return columns / groups;
    }

    /** A row of a group's outputs of one pixel, begun. */
    void begin(float[] row, int first) {
      if (bias == null) {
        Arrays.fill(row, 0);
      } else {
        System.arraycopy(bias, first, row, 0, row.length);
      }
    }

    void store(float[] row, int at) {
      PlainForward.store(row, clamp, y, yOffset + at);
    }
  }

  private static void store(float[] row, Clamp clamp, float[] y, int at) {
    if (clamp == Clamp.NONE) {
      System.arraycopy(row, 0, y, at, row.length);
      return;
    }
    float low = clamp.low;
    float high = clamp.high;
    for (int i = 0; i < row.length; i++) {
      float value = row[i];
      y[at + i] = value < low ? low : value > high ? high : value;
    }
  }

  /** Pixels times weights. */
  private record LastTask(Matrix matrix, Inputs inputs, Output output, int size, int total)
      implements IntConsumer {
    @Override
    public void accept(int task) {
      int from = task * size;
      int rows = Math.min(size, total - from);
      float[] a = new float[rows * matrix.depth];
      float[][] sums = new float[rows][output.width()];
      for (int group = 0; group < matrix.groups; group++) {
        int first = group * output.width();
        for (int r = 0; r < rows; r++) {
          inputs.pixel(from + r, group, a, r * matrix.depth);
          output.begin(sums[r], first);
        }
        MatrixRows b = new MatrixRows(matrix, first);
        multiply(a, 0, b, matrix.depth, sums, rows);
        for (int r = 0; r < rows; r++) {
          output.store(sums[r], (from + r) * output.columns + first);
        }
      }
    }
  }

  private record DenseTask(float[] x, int xOffset, int count, Matrix matrix, Output output)
      implements IntConsumer {
    @Override
    public void accept(int task) {
      int from = task * PIXELS;
      int rows = Math.min(PIXELS, count - from);
      float[][] sums = new float[rows][output.columns];
      for (float[] sum : sums) {
        output.begin(sum, 0);
      }
      int at = xOffset + from * matrix.depth;
      multiply(x, at, new MatrixRows(matrix, 0), matrix.depth, sums, rows);
      for (int r = 0; r < rows; r++) {
        output.store(sums[r], (from + r) * output.columns);
      }
    }
  }

  private record DepthwiseTask(PlainDepthwise step, Clamp clamp, float[] y, int yOffset)
      implements IntConsumer {
    @Override
    public void accept(int task) {
      ConvGeometry geometry = step.geometry();
      int pixels = geometry.outputSize().product();
      int filters = geometry.filters();
      if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
        int multiplier = filters / Math.max(1, geometry.channels());
        int image = task / geometry.channels();
        float[] row = new float[pixels];
        for (int m = 0; m < multiplier; m++) {
          int k = task % geometry.channels() * multiplier + m;
          step.plane(image, k, row);
          store(row, clamp, y, yOffset + (image * filters + k) * pixels);
        }
        return;
      }
      float[] moved = new float[filters];
      float[] row = new float[filters];
      int end = Math.min(geometry.batch() * pixels, (task + 1) * PIXELS);
      for (int i = task * PIXELS; i < end; i++) {
        step.pixel(i, 0, moved, 0);
        step.inOrder(moved, row);
        store(row, clamp, y, yOffset + i * filters);
      }
    }
  }

  /** A row of outputs. */
  private record PoolTask(
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int channels,
      boolean greatest,
      PlainTaps taps)
      implements IntConsumer {
    @Override
    public void accept(int task) {
      float[] in = new float[channels];
      float[] values = new float[channels];
      int oy = task % taps.newHeight;
      int image = xOffset + taps.image(task * taps.newWidth);
      for (int ox = 0; ox < taps.newWidth; ox++) {
        Arrays.fill(values, greatest ? Float.NEGATIVE_INFINITY : 0);
        int count = 0;
        for (int i = 0; i < taps.count; i++) {
          int source = taps.source(i, oy, ox);
          if (source >= 0) {
            count++;
            System.arraycopy(x, image + source, in, 0, channels);
            if (greatest) {
              max(values, in);
            } else {
              add(values, 1, in); // what is multiplied by one is not rounded
            }
          }
        }
        if (!greatest) {
          divide(values, count);
        }
        System.arraycopy(values, 0, y, yOffset + (task * taps.newWidth + ox) * channels, channels);
      }
    }
  }

  private static void max(float[] y, float[] b) {
    for (int j = 0; j < y.length; j++) {
      y[j] = Math.max(y[j], b[j]);
    }
  }

  private static void divide(float[] y, float divisor) {
    for (int j = 0; j < y.length; j++) {
      y[j] /= divisor;
    }
  }
}
