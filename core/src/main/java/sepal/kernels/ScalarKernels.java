package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/**
 * Plain loops, one pixel after the other: what the vector kernels must equal, and what runs without
 * them. A tap that lies on padding is skipped, so an infinite weight there does no harm.
 */
final class ScalarKernels implements Kernels {
  static final ScalarKernels INSTANCE = new ScalarKernels();

  private ScalarKernels() {}

  @Override
  public String description() {
    return "scalar";
  }

  /** Keeps the matrix as it is: (rows, columns). */
  @Override
  public PackedKernel pack(float[] matrix, int rows, int columns, int groups) {
    assert matrix.length == rows * columns && columns % groups == 0;
    return new PackedKernel(matrix.clone(), rows, columns, groups, true);
  }

  @Override
  public void separableConv2d(
      float[] x,
      int xOffset,
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    assert pointwise.rows == geometry.channels() * multiplier;
    assert pointwise.columns == geometry.filters();
    Strides out = Strides.ofOutput(geometry);
    long work = (long) outputs(geometry) * pointwise.rows;
    forEachOutputRow(
        geometry,
        work,
        (image, oy) -> {
          float[] between = new float[pointwise.rows];
          float[] sums = new float[geometry.filters()];
          for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
            Arrays.fill(between, 0);
            addDepthwise(x, xOffset, depthwise, multiplier, image, oy, ox, geometry, between);
            start(sums, bias);
            for (int row = 0; row < pointwise.rows; row++) {
              addScaled(sums, 0, between[row], pointwise.data, row * sums.length, sums.length);
            }
            int at = yOffset + image * out.image() + oy * out.row() + ox * out.column();
            store(sums, clamp, y, at, out.channel());
          }
        });
  }

  @Override
  public void depthwiseConv2d(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    assert geometry.filters() == geometry.channels() * multiplier;
    Strides out = Strides.ofOutput(geometry);
    forEachOutputRow(
        geometry,
        (long) outputs(geometry) * geometry.window().size().product(),
        (image, oy) -> {
          float[] sums = new float[geometry.filters()];
          for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
            start(sums, bias);
            addDepthwise(x, xOffset, kernel, multiplier, image, oy, ox, geometry, sums);
            int at = yOffset + image * out.image() + oy * out.row() + ox * out.column();
            store(sums, clamp, y, at, out.channel());
          }
        });
  }

  @Override
  public void conv2d(
      float[] x,
      int xOffset,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    assert kernel.columns == geometry.filters() && geometry.channels() % kernel.groups == 0;
    Strides out = Strides.ofOutput(geometry);
    forEachOutputRow(
        geometry,
        (long) outputs(geometry) * kernel.rows,
        (image, oy) -> {
          float[] sums = new float[geometry.filters()];
          for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
            start(sums, bias);
            addConvolution(x, xOffset, kernel, image, oy, ox, geometry, sums);
            int at = yOffset + image * out.image() + oy * out.row() + ox * out.column();
            store(sums, clamp, y, at, out.channel());
          }
        });
  }

  @Override
  public void dense(
      float[] x,
      int xOffset,
      int count,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset) {
    assert kernel.groups == 1;
    Parallel.run(
        count,
        (long) count * kernel.data.length,
        i -> {
          float[] sums = new float[kernel.columns];
          start(sums, bias);
          for (int row = 0; row < kernel.rows; row++) {
            float value = x[xOffset + i * kernel.rows + row];
            addScaled(sums, 0, value, kernel.data, row * sums.length, sums.length);
          }
          store(sums, clamp, y, yOffset + i * kernel.columns, 1);
        });
  }

  @Override
  public void maxPool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    pool(x, xOffset, y, yOffset, geometry, true);
  }

  @Override
  public void averagePool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    pool(x, xOffset, y, yOffset, geometry, false);
  }

  @Override
  public void scaleShift(
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
    Parallel.run(
        outer,
        (long) outer * channels * inner,
        o -> {
          for (int c = 0; c < channels; c++) {
            int at = (o * channels + c) * inner;
            for (int i = at; i < at + inner; i++) {
              y[yOffset + i] = clamp(x[xOffset + i] * scale[c] + shift[c], clamp);
            }
          }
        });
  }

  @Override
  public void clamp(float[] x, int xOffset, Clamp clamp, float[] y, int yOffset, int count) {
    if (clamp == Clamp.NONE) {
      System.arraycopy(x, xOffset, y, yOffset, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      y[yOffset + i] = Math.min(Math.max(x[xOffset + i], clamp.low), clamp.high);
    }
  }

  @Override
  public void add(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      Clamp clamp,
      float[] y,
      int yOffset,
      int count) {
    for (int i = 0; i < count; i++) {
      float sum = a[aOffset + i] + b[bOffset + i];
      y[yOffset + i] = Math.min(Math.max(sum, clamp.low), clamp.high);
    }
  }

  @Override
  public PackedKernel packForGradient(float[] matrix, int rows, int columns, int groups) {
    return pack(matrix, rows, columns, groups);
  }

  @Override
  public void separableConv2dBackward(
      float[] x,
      float[] depthwise,
      int multiplier,
      float[] pointwise,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dDepthwise,
      float @Nullable [] dPointwise,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    for (float[] gradient : new float[][] {dx, dDepthwise, dPointwise, dBias}) {
      if (gradient != null) {
        Arrays.fill(gradient, 0);
      }
    }
    float[] before = ScalarBackward.masked(g, y, clamp);
    ScalarBackward.separable(
        x, depthwise, multiplier, pointwise, before, dx, dDepthwise, dPointwise, geometry);
    if (dBias != null) {
      ScalarBackward.bias(before, dBias, geometry);
    }
  }

  @Override
  public void depthwiseConv2dBackward(
      float[] x,
      float[] kernel,
      int multiplier,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    convBackward(x, kernel, geometry.channels(), y, clamp, g, dx, dKernel, dBias, geometry);
  }

  @Override
  public void conv2dBackward(
      float[] x,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    convBackward(x, kernel.data, kernel.groups, y, clamp, g, dx, dKernel, dBias, geometry);
  }

  private static void convBackward(
      float[] x,
      float[] kernel,
      int groups,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    float[] before = ScalarBackward.masked(g, y, clamp);
    ScalarBackward.conv(x, kernel, groups, before, dx, dKernel, geometry);
    if (dBias != null) {
      ScalarBackward.bias(before, dBias, geometry);
    }
  }

  /** Every row is an image of one pixel. */
  @Override
  public void denseBackward(
      float[] x,
      int count,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias) {
    Dims one = Dims.of(1, 1);
    ConvGeometry geometry =
        ConvGeometry.of(
            "dense",
            Shape.of(count, 1, 1, kernel.rows),
            new Window(one, one, one, Padding.VALID),
            DataFormat.CHANNELS_LAST,
            kernel.columns);
    conv2dBackward(x, kernel, y, clamp, g, dx, dKernel, dBias, geometry);
  }

  @Override
  public void maxPool2dBackward(float[] x, float[] g, float[] dx, ConvGeometry geometry) {
    PoolingBackward.max(x, g, dx, geometry);
  }

  @Override
  public void clampBackward(float[] y, Clamp clamp, float[] g, float[] dx) {
    for (int i = 0; i < dx.length; i++) {
      dx[i] = ScalarBackward.masked(g[i], y[i], clamp);
    }
  }

  @Override
  public void averagePool2dBackward(float[] g, float[] dx, ConvGeometry geometry) {
    PoolingBackward.average(g, dx, geometry);
  }

  /** NaN passes, as in Keras. */
  static float clamp(float value, Clamp clamp) {
    return value < clamp.low ? clamp.low : value > clamp.high ? clamp.high : value;
  }

  private interface OutputRow {
    void compute(int image, int oy);
  }

  private static void forEachOutputRow(ConvGeometry geometry, long work, OutputRow row) {
    assert geometry.window().rank() == 2;
    int height = geometry.outputSize().get(0);
    Parallel.run(geometry.batch() * height, work, i -> row.compute(i / height, i % height));
  }

  private static int outputs(ConvGeometry geometry) {
    return geometry.batch() * geometry.outputSize().product() * geometry.filters();
  }

  private static void addDepthwise(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      int image,
      int oy,
      int ox,
      ConvGeometry geometry,
      float[] sums) {
    Strides in = Strides.ofInput(geometry);
    int width = geometry.window().size().get(1);
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      for (int b = 0; b < width; b++) {
        int ix = geometry.source(1, ox, b);
        if (isInside(iy, ix, geometry)) {
          int from = xOffset + image * in.image() + iy * in.row() + ix * in.column();
          int weight = (a * width + b) * sums.length;
          for (int i = 0; i < sums.length; i++) {
            sums[i] += x[from + i / multiplier * in.channel()] * kernel[weight + i];
          }
        }
      }
    }
  }

  private static void addConvolution(
      float[] x,
      int xOffset,
      PackedKernel kernel,
      int image,
      int oy,
      int ox,
      ConvGeometry geometry,
      float[] sums) {
    Strides in = Strides.ofInput(geometry);
    int width = geometry.window().size().get(1);
    int channels = geometry.channels() / kernel.groups;
    int filters = kernel.columns / kernel.groups;
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      for (int b = 0; b < width; b++) {
        int ix = geometry.source(1, ox, b);
        if (isInside(iy, ix, geometry)) {
          int from = xOffset + image * in.image() + iy * in.row() + ix * in.column();
          int row = (a * width + b) * channels;
          for (int c = 0; c < geometry.channels(); c++) {
            int first = c / channels * filters;
            int weight = (row + c % channels) * kernel.columns + first;
            addScaled(sums, first, x[from + c * in.channel()], kernel.data, weight, filters);
          }
        }
      }
    }
  }

  private static void pool(
      float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry, boolean greatest) {
    assert geometry.filters() == geometry.channels();
    Strides out = Strides.ofOutput(geometry);
    forEachOutputRow(
        geometry,
        (long) outputs(geometry) * geometry.window().size().product(),
        (image, oy) -> {
          float[] values = new float[geometry.channels()];
          for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
            Arrays.fill(values, greatest ? Float.NEGATIVE_INFINITY : 0);
            int count = addWindow(x, xOffset, image, oy, ox, geometry, greatest, values);
            for (int c = 0; !greatest && c < values.length; c++) {
              values[c] /= count;
            }
            int at = yOffset + image * out.image() + oy * out.row() + ox * out.column();
            store(values, Clamp.NONE, y, at, out.channel());
          }
        });
  }

  private static int addWindow(
      float[] x,
      int xOffset,
      int image,
      int oy,
      int ox,
      ConvGeometry geometry,
      boolean greatest,
      float[] values) {
    Strides in = Strides.ofInput(geometry);
    int count = 0;
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      for (int b = 0; b < geometry.window().size().get(1); b++) {
        int ix = geometry.source(1, ox, b);
        if (isInside(iy, ix, geometry)) {
          count++;
          int from = xOffset + image * in.image() + iy * in.row() + ix * in.column();
          for (int c = 0; c < values.length; c++) {
            float value = x[from + c * in.channel()];
            values[c] = greatest ? Math.max(values[c], value) : values[c] + value;
          }
        }
      }
    }
    return count;
  }

  private static boolean isInside(int iy, int ix, ConvGeometry geometry) {
    return iy >= 0
        && iy < geometry.inputSize().get(0)
        && ix >= 0
        && ix < geometry.inputSize().get(1);
  }

  private static void start(float[] sums, float @Nullable [] bias) {
    if (bias == null) {
      Arrays.fill(sums, 0);
    } else {
      System.arraycopy(bias, 0, sums, 0, sums.length);
    }
  }

  private static void addScaled(
      float[] sums, int first, float factor, float[] row, int offset, int count) {
    for (int i = 0; i < count; i++) {
      sums[first + i] += factor * row[offset + i];
    }
  }

  private static void store(float[] sums, Clamp clamp, float[] y, int offset, int stride) {
    for (int i = 0; i < sums.length; i++) {
      y[offset + i * stride] = clamp(sums[i], clamp);
    }
  }
}
