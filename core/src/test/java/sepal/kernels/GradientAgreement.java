package sepal.kernels;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/**
 * Compares gradients with the float64 reference, on one case that a seed decides. A run with {@code
 * main} does so in a process of its own, for vectors of other widths.
 *
 * <p>Tolerance: as for the forward, 4e-6 of the sum of the magnitudes of all terms, which is the
 * reference computed on magnitudes.
 */
final class GradientAgreement {
  private final Kernels kernels;
  private final long seed;
  private final Random random;

  private GradientAgreement(Kernels kernels, long seed) {
    this.kernels = kernels;
    this.seed = seed;
    random = new Random(seed);
  }

  /** A kernel method. */
  enum Method {
    SEPARABLE_CONV,
    DEPTHWISE_CONV,
    CONV,
    DENSE,
    MAX_POOL,
    AVERAGE_POOL;

    /** Compares the method with the reference on the case that {@code seed} decides. */
    void check(Kernels kernels, long seed) {
      GradientAgreement agreement = new GradientAgreement(kernels, seed);
      switch (this) {
        case SEPARABLE_CONV -> agreement.separable();
        case DEPTHWISE_CONV -> agreement.depthwise();
        case CONV -> agreement.conv();
        case DENSE -> agreement.dense();
        case MAX_POOL -> agreement.pool(true);
        case AVERAGE_POOL -> agreement.pool(false);
      }
    }
  }

  public static void main(String[] args) {
    Kernels kernels = KernelChoice.vector().orElseThrow();
    int cases = Integer.parseInt(args[0]);
    for (Method method : Method.values()) {
      for (long seed = 0; seed < cases; seed++) {
        method.check(kernels, seed);
      }
    }
    System.out.println(kernels.description() + ": gradients of " + cases + " cases agree");
  }

  private void separable() {
    ConvGeometry geometry = geometry(size(), size());
    separable(kernels, geometry, 1 + random.nextInt(3), seed);
  }

  /** Compares the gradients of a separable convolution of the given geometry. */
  static void separable(Kernels kernels, ConvGeometry geometry, int multiplier, long seed) {
    GradientAgreement agreement = new GradientAgreement(kernels, seed);
    int between = geometry.channels() * multiplier;
    int filters = geometry.filters();
    Upstream upstream = agreement.upstream(geometry.output().size());
    float[] x = agreement.values(geometry.input().size());
    float[] depthwise = agreement.values(geometry.window().size().product() * between);
    float[] pointwise = agreement.values(between * filters);
    float[] dx = agreement.wanted(x.length);
    float[] dDepthwise = agreement.wanted(depthwise.length);
    float[] dPointwise = agreement.wanted(pointwise.length);
    float[] dBias = agreement.wanted(filters);
    for (float[] gradient : new float[][] {dx, dDepthwise, dPointwise, dBias}) {
      if (gradient != null) {
        Arrays.fill(gradient, Float.NaN); // must be overwritten
      }
    }
    kernels.separableConv2dBackward(
        x,
        depthwise,
        multiplier,
        pointwise,
        upstream.y,
        upstream.clamp,
        upstream.g,
        dx,
        dDepthwise,
        dPointwise,
        dBias,
        geometry);
    ConvGeometry first = geometry.withFilters(between);
    Window one = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), Padding.VALID);
    ConvGeometry second =
        ConvGeometry.of("test", first.output(), one, geometry.dataFormat(), filters);
    double[][] expected = new double[4][];
    double[][] scale = new double[4][];
    for (boolean magnitude : new boolean[] {false, true}) {
      double[] input = doubles(x, magnitude);
      double[] depthwiseKernel = doubles(depthwise, magnitude);
      double[] pointwiseKernel = doubles(pointwise, magnitude);
      double[] g = doubles(upstream.before(), magnitude);
      double[] z = DoubleKernels.depthwiseConv(input, depthwiseKernel, null, first);
      double[] dz = new double[z.length];
      double[][] found = magnitude ? scale : expected;
      found[2] = new double[pointwise.length];
      DoubleKernels.convBackward(z, pointwiseKernel, 1, g, dz, found[2], second);
      found[0] = new double[x.length];
      found[1] = new double[depthwise.length];
      DoubleKernels.convBackward(
          input, depthwiseKernel, geometry.channels(), dz, found[0], found[1], first);
      found[3] = DoubleKernels.biasBackward(g, geometry);
    }
    String what = "separableConv2d " + geometry + " multiplier " + multiplier;
    agreement.compare("x of " + what, dx, expected[0], scale[0]);
    agreement.compare("depthwise of " + what, dDepthwise, expected[1], scale[1]);
    agreement.compare("pointwise of " + what, dPointwise, expected[2], scale[2]);
    agreement.compare("bias of " + what, dBias, expected[3], scale[3]);
  }

  private void depthwise() {
    int channels = size();
    int multiplier = 1 + random.nextInt(3);
    ConvGeometry geometry = geometry(channels, channels * multiplier);
    Upstream upstream = upstream(geometry.output().size());
    float[] x = values(geometry.input().size());
    float[] kernel = values(geometry.window().size().product() * geometry.filters());
    float[] dx = wanted(x.length);
    float[] dKernel = wanted(kernel.length);
    float[] dBias = wanted(geometry.filters());
    kernels.depthwiseConv2dBackward(
        x,
        kernel,
        multiplier,
        upstream.y,
        upstream.clamp,
        upstream.g,
        dx,
        dKernel,
        dBias,
        geometry);
    String what = "depthwiseConv2d " + geometry + " multiplier " + multiplier;
    compareConv(what, x, kernel, channels, upstream, dx, dKernel, dBias, geometry);
  }

  private void conv() {
    int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
    int channels = groups == 1 ? size() : groups * (1 + random.nextInt(20));
    int filters = groups == 1 ? size() : groups * size();
    ConvGeometry geometry = geometry(channels, filters);
    int rows = geometry.window().size().product() * channels / groups;
    Upstream upstream = upstream(geometry.output().size());
    float[] x = values(geometry.input().size());
    float[] kernel = values(rows * filters);
    float[] dx = wanted(x.length);
    float[] dKernel = wanted(kernel.length);
    float[] dBias = wanted(filters);
    kernels.conv2dBackward(
        x,
        kernels.packForGradient(kernel, rows, filters, groups),
        upstream.y,
        upstream.clamp,
        upstream.g,
        dx,
        dKernel,
        dBias,
        geometry);
    String what = "conv2d " + geometry + " groups " + groups;
    compareConv(what, x, kernel, groups, upstream, dx, dKernel, dBias, geometry);
  }

  private void dense() {
    int count = random.nextInt(4) == 0 ? 500 : random.nextInt(60);
    int rows = 1 + random.nextInt(200);
    int columns = size();
    Window one = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), Padding.VALID);
    ConvGeometry geometry =
        ConvGeometry.of(
            "test", Shape.of(count, 1, 1, rows), one, DataFormat.CHANNELS_LAST, columns);
    Upstream upstream = upstream(count * columns);
    float[] x = values(count * rows);
    float[] kernel = values(rows * columns);
    float[] dx = wanted(x.length);
    float[] dKernel = wanted(kernel.length);
    float[] dBias = wanted(columns);
    kernels.denseBackward(
        x,
        count,
        kernels.packForGradient(kernel, rows, columns, 1),
        upstream.y,
        upstream.clamp,
        upstream.g,
        dx,
        dKernel,
        dBias);
    String what = "dense " + count + " x " + rows + " x " + columns;
    compareConv(what, x, kernel, 1, upstream, dx, dKernel, dBias, geometry);
  }

  private void compareConv(
      String what,
      float[] x,
      float[] kernel,
      int groups,
      Upstream upstream,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    double[][] expected = new double[3][];
    double[][] scale = new double[3][];
    for (boolean magnitude : new boolean[] {false, true}) {
      double[] g = doubles(upstream.before(), magnitude);
      double[][] found = magnitude ? scale : expected;
      found[0] = new double[x.length];
      found[1] = new double[kernel.length];
      DoubleKernels.convBackward(
          doubles(x, magnitude),
          doubles(kernel, magnitude),
          groups,
          g,
          found[0],
          found[1],
          geometry);
      found[2] = DoubleKernels.biasBackward(g, geometry);
    }
    compare("x of " + what, dx, expected[0], scale[0]);
    compare("kernel of " + what, dKernel, expected[1], scale[1]);
    compare("bias of " + what, dBias, expected[2], scale[2]);
  }

  private void pool(boolean greatest) {
    int channels = size();
    Window window =
        window(
            1 + random.nextInt(4),
            1 + random.nextInt(4),
            1 + random.nextInt(3),
            1 + random.nextInt(3),
            1,
            1,
            random.nextBoolean() ? Padding.VALID : Padding.SAME);
    ConvGeometry geometry = geometry(random.nextInt(3), window, channels, channels);
    float[] x = values(geometry.input().size());
    float[] g = values(geometry.output().size());
    float[] dx = new float[x.length];
    double[] input = doubles(x, false);
    if (greatest) {
      kernels.maxPool2dBackward(x, g, dx, geometry);
      double[] expected = DoubleKernels.maxPoolBackward(input, doubles(g, false), geometry);
      double[] scale = DoubleKernels.maxPoolBackward(input, doubles(g, true), geometry);
      compare("maxPool2d " + geometry, dx, expected, scale);
    } else {
      kernels.averagePool2dBackward(g, dx, geometry);
      double[] expected = DoubleKernels.averagePoolBackward(doubles(g, false), geometry);
      double[] scale = DoubleKernels.averagePoolBackward(doubles(g, true), geometry);
      compare("averagePool2d " + geometry, dx, expected, scale, false); // thirds round
    }
  }

  /** A gradient by what a clamp stored, of which part was clamped. */
  private record Upstream(float[] g, float @Nullable [] y, Clamp clamp) {

    /** The gradient by what lay before the clamp. */
    float[] before() {
      float[] before = g.clone();
      for (int i = 0; y != null && i < before.length; i++) {
        before[i] = y[i] > 0 && (clamp == Clamp.RELU || y[i] < 6) ? g[i] : 0;
      }
      return before;
    }
  }

  private Upstream upstream(int size) {
    Clamp clamp = Clamp.values()[random.nextInt(3)];
    float[] g = values(size);
    if (clamp == Clamp.NONE) {
      return new Upstream(g, null, clamp);
    }
    float[] y = new float[size];
    for (int i = 0; i < size; i++) {
      float value = random.nextInt(5) * 2 - 1;
      y[i] = Math.max(0, clamp == Clamp.RELU ? value : Math.min(6, value));
    }
    return new Upstream(g, y, clamp);
  }

  private float @Nullable [] wanted(int size) {
    return random.nextInt(5) == 0 ? null : new float[size];
  }

  private void compare(String what, float @Nullable [] found, double[] expected, double[] scale) {
    compare(what, found, expected, scale, isExact());
  }

  private void compare(
      String what, float @Nullable [] found, double[] expected, double[] scale, boolean exact) {
    for (int i = 0; found != null && i < expected.length; i++) {
      double off = Math.abs(found[i] - (exact ? (float) expected[i] : expected[i]));
      if (!(off <= (exact ? 0 : Agreement.TOLERANCE * scale[i]))) {
        throw new AssertionError(
            String.format(
                "gradient %d is %s, expected %s by %s [%s, seed %d]",
                i, found[i], expected[i], what, kernels.description(), seed));
      }
    }
  }

  /** Sizes around the number of lanes, of one vector, of two, and of a panel. */
  private int size() {
    int lanes = random.nextBoolean() ? Agreement.lanes() : 4;
    int[] sizes = {
      1,
      2,
      3,
      5,
      7,
      lanes - 1,
      lanes,
      lanes + 1,
      2 * lanes - 1,
      2 * lanes,
      2 * lanes + 3,
      3 * lanes,
      4 * lanes - 1,
      4 * lanes,
      4 * lanes + 1,
      31,
      67
    };
    return sizes[random.nextInt(sizes.length)];
  }

  private ConvGeometry geometry(int channels, int filters) {
    int[] batches = {0, 1, 1, 2, 3, 7};
    Padding padding = random.nextInt(3) == 0 ? Padding.VALID : Padding.SAME;
    Window window =
        switch (random.nextInt(4)) {
          case 0 -> window(1, 1, 1, 1, 1, 1, padding);
          case 1 -> window(3, 3, 1, 1, 1, 1, padding);
          default ->
              window(
                  1 + random.nextInt(5),
                  1 + random.nextInt(5),
                  1 + random.nextInt(3),
                  1 + random.nextInt(3),
                  1 + random.nextInt(3),
                  1 + random.nextInt(3),
                  padding);
        };
    return geometry(batches[random.nextInt(batches.length)], window, channels, filters);
  }

  private static Window window(
      int height,
      int width,
      int strideDown,
      int strideAcross,
      int dilationDown,
      int dilationAcross,
      Padding padding) {
    return new Window(
        Dims.of(height, width),
        Dims.of(strideDown, strideAcross),
        Dims.of(dilationDown, dilationAcross),
        padding);
  }

  /** An input as small as a window may be, smaller with padding "same", or larger. */
  private ConvGeometry geometry(int batch, Window window, int channels, int filters) {
    int most = channels * filters > 1000 ? 9 : 33;
    int least = window.padding() == Padding.SAME ? 1 : window.span(0);
    int height = least + random.nextInt(most);
    least = window.padding() == Padding.SAME ? 1 : window.span(1);
    int width = least + random.nextInt(most);
    DataFormat format =
        random.nextInt(3) > 0 ? DataFormat.CHANNELS_LAST : DataFormat.CHANNELS_FIRST;
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(batch, height, width, channels)
            : Shape.of(batch, channels, height, width);
    return ConvGeometry.of("test", input, window, format, filters);
  }

  private float[] values(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = isExact() ? random.nextInt(5) - 2 : 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** Every other case computes with small integers: no rounding, so no tolerance either. */
  private boolean isExact() {
    return seed % 2 == 1;
  }

  private static double[] doubles(float[] values, boolean magnitude) {
    return Agreement.doubles(values, magnitude);
  }
}
