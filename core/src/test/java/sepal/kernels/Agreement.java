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
 * Compares kernels with the float64 reference, on one case that a seed decides. A run with {@code
 * main} does so in a process of its own, for vectors of other widths.
 *
 * <p>Tolerance: a float sum of n terms is off by at most n * 2^-24 of the sum of their magnitudes,
 * and by about sqrt(n) * 2^-24 as roundings are as often up as down. The greatest n here is about
 * 5000, which gives 4e-6. The sum of magnitudes is the reference computed on magnitudes.
 */
final class Agreement {
  static final double TOLERANCE = 4e-6;

  /** The outputs of the last case on this thread, to compare kernels bit by bit. */
  private static final ThreadLocal<float[]> LAST = ThreadLocal.withInitial(() -> new float[0]);

  private final Kernels kernels;
  private final long seed;
  private final Random random;

  private Agreement(Kernels kernels, long seed) {
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
    AVERAGE_POOL,
    SCALE_SHIFT;

    /** Compares the method with the reference on the case that {@code seed} decides. */
    void check(Kernels kernels, long seed) {
      Agreement agreement = new Agreement(kernels, seed);
      switch (this) {
        case SEPARABLE_CONV -> agreement.separable();
        case DEPTHWISE_CONV -> agreement.depthwise();
        case CONV -> agreement.conv();
        case DENSE -> agreement.dense();
        case MAX_POOL -> agreement.pool(true);
        case AVERAGE_POOL -> agreement.pool(false);
        case SCALE_SHIFT -> agreement.scaleShift();
      }
    }
  }

  /** What the kernels compute on the case that {@code seed} decides, and what lies around it. */
  static float[] output(Method method, Kernels kernels, long seed) {
    method.check(kernels, seed);
    return LAST.get();
  }

  public static void main(String[] args) {
    Kernels kernels = KernelChoice.vector().orElseThrow();
    int cases = Integer.parseInt(args[0]);
    for (Method method : Method.values()) {
      for (long seed = 0; seed < cases; seed++) {
        float[] expected = output(method, kernels, seed);
        float[] plain = output(method, new WarmingKernels(() -> kernels, Long.MAX_VALUE), seed);
        if (!Arrays.equals(plain, expected)) {
          throw new AssertionError("plain loops compute other bits: " + method + ", seed " + seed);
        }
      }
    }
    System.out.println(kernels.description() + ": " + cases + " cases agree");
  }

  private void separable() {
    ConvGeometry geometry = geometry(size(), size());
    separable(kernels, geometry, 1 + random.nextInt(3), bias(geometry.filters()), clamp(), seed);
  }

  /** Compares a separable convolution of the given geometry. */
  static void separable(
      Kernels kernels,
      ConvGeometry geometry,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      long seed) {
    Agreement agreement = new Agreement(kernels, seed);
    int between = geometry.channels() * multiplier;
    float[] depthwise = agreement.values(geometry.window().size().product() * between);
    float[] pointwise = agreement.values(between * geometry.filters());
    int before = agreement.random.nextInt(5);
    float[] x = agreement.values(before + geometry.input().size());
    int after = agreement.random.nextInt(5);
    float[] y = agreement.garbage(after + geometry.output().size() + 3);
    float[] expectedY = y.clone();
    PackedKernel packed = kernels.pack(pointwise, between, geometry.filters(), 1);

    kernels.separableConv2d(
        x, before, depthwise, multiplier, packed, bias, clamp, y, after, geometry);

    ConvGeometry first = geometry.withFilters(between);
    Window one = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), Padding.VALID);
    ConvGeometry second =
        ConvGeometry.of("test", first.output(), one, geometry.dataFormat(), geometry.filters());
    agreement.compare(
        "separableConv2d " + geometry + " multiplier " + multiplier,
        new Input(x, before, geometry.input().size()),
        bias,
        clamp,
        (input, magnitude, b) ->
            DoubleKernels.conv(
                DoubleKernels.depthwiseConv(input, doubles(depthwise, magnitude), null, first),
                doubles(pointwise, magnitude),
                1,
                b,
                second),
        y,
        after,
        expectedY);
  }

  private void depthwise() {
    int channels = size();
    int multiplier = 1 + random.nextInt(3);
    ConvGeometry geometry = geometry(channels, channels * multiplier);
    float[] kernel = values(geometry.window().size().product() * geometry.filters());
    int before = random.nextInt(5);
    float[] x = values(before + geometry.input().size());
    int after = random.nextInt(5);
    float[] y = garbage(after + geometry.output().size() + 3);
    float[] untouched = y.clone();
    float[] bias = bias(geometry.filters());
    Clamp clamp = clamp();
    kernels.depthwiseConv2d(x, before, kernel, multiplier, bias, clamp, y, after, geometry);
    compare(
        "depthwiseConv2d " + geometry + " multiplier " + multiplier,
        new Input(x, before, geometry.input().size()),
        bias,
        clamp,
        (input, magnitude, b) ->
            DoubleKernels.depthwiseConv(input, doubles(kernel, magnitude), b, geometry),
        y,
        after,
        untouched);
  }

  private void conv() {
    int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
    int channels = groups == 1 ? size() : groups * (1 + random.nextInt(5));
    int filters = groups == 1 ? size() : groups * size();
    conv(kernels, geometry(channels, filters), groups, bias(filters), clamp(), seed);
  }

  /** Compares a convolution of the given geometry, and returns what the kernels compute. */
  static float[] conv(
      Kernels kernels,
      ConvGeometry geometry,
      int groups,
      float @Nullable [] bias,
      Clamp clamp,
      long seed) {
    Agreement agreement = new Agreement(kernels, seed);
    int rows = geometry.window().size().product() * geometry.channels() / groups;
    float[] kernel = agreement.values(rows * geometry.filters());
    int before = agreement.random.nextInt(5);
    float[] x = agreement.values(before + geometry.input().size());
    int after = agreement.random.nextInt(5);
    float[] y = agreement.garbage(after + geometry.output().size() + 3);
    float[] untouched = y.clone();
    PackedKernel packed = kernels.pack(kernel, rows, geometry.filters(), groups);
    kernels.conv2d(x, before, packed, bias, clamp, y, after, geometry);
    agreement.compare(
        "conv2d " + geometry + " groups " + groups,
        new Input(x, before, geometry.input().size()),
        bias,
        clamp,
        (input, magnitude, b) ->
            DoubleKernels.conv(input, doubles(kernel, magnitude), groups, b, geometry),
        y,
        after,
        untouched);
    return LAST.get();
  }

  private void dense() {
    int count = random.nextInt(70);
    int rows = 1 + random.nextInt(90);
    int columns = size();
    float[] kernel = values(rows * columns);
    int before = random.nextInt(5);
    float[] x = values(before + count * rows);
    int after = random.nextInt(5);
    float[] y = garbage(after + count * columns + 3);
    float[] untouched = y.clone();
    float[] bias = bias(columns);
    Clamp clamp = clamp();
    PackedKernel packed = kernels.pack(kernel, rows, columns, 1);
    kernels.dense(x, before, count, packed, bias, clamp, y, after);
    Window one = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), Padding.VALID);
    ConvGeometry geometry =
        ConvGeometry.of(
            "test", Shape.of(count, 1, 1, rows), one, DataFormat.CHANNELS_LAST, columns);
    compare(
        "dense " + count + " x " + rows + " x " + columns,
        new Input(x, before, count * rows),
        bias,
        clamp,
        (input, magnitude, b) ->
            DoubleKernels.conv(input, doubles(kernel, magnitude), 1, b, geometry),
        y,
        after,
        untouched);
  }

  private void pool(boolean greatest) {
    int channels = size();
    ConvGeometry geometry = poolGeometry(channels);
    int before = random.nextInt(5);
    float[] x = values(before + geometry.input().size());
    int after = random.nextInt(5);
    float[] y = garbage(after + geometry.output().size() + 3);
    float[] untouched = y.clone();
    if (greatest) {
      kernels.maxPool2d(x, before, y, after, geometry);
    } else {
      kernels.averagePool2d(x, before, y, after, geometry);
    }
    compare(
        (greatest ? "maxPool2d " : "averagePool2d ") + geometry,
        new Input(x, before, geometry.input().size()),
        null,
        Clamp.NONE,
        (input, magnitude, b) ->
            greatest
                ? DoubleKernels.maxPool(input, geometry)
                : DoubleKernels.averagePool(input, geometry),
        y,
        after,
        untouched);
  }

  private void scaleShift() {
    int outer = random.nextInt(5);
    int channels = size();
    int inner = random.nextBoolean() ? 1 : size();
    float[] scale = values(channels);
    float[] shift = values(channels);
    int before = random.nextInt(5);
    float[] x = values(before + outer * channels * inner);
    int after = random.nextInt(5);
    float[] y = garbage(after + outer * channels * inner + 3);
    float[] untouched = y.clone();
    Clamp clamp = clamp();
    kernels.scaleShift(x, before, scale, shift, clamp, y, after, outer, channels, inner);
    compare(
        "scaleShift " + outer + " x " + channels + " x " + inner,
        new Input(x, before, outer * channels * inner),
        null,
        clamp,
        (input, magnitude, b) -> {
          double[] out = new double[input.length];
          for (int i = 0; i < out.length; i++) {
            int c = i / inner % channels;
            double s = magnitude ? Math.abs(scale[c]) : scale[c];
            double t = magnitude ? Math.abs(shift[c]) : shift[c];
            out[i] = input[i] * s + t;
          }
          return out;
        },
        y,
        after,
        untouched);
  }

  private record Input(float[] values, int offset, int size) {

    double[] get(boolean magnitude) {
      return doubles(Arrays.copyOfRange(values, offset, offset + size), magnitude);
    }
  }

  private interface Reference {
    double[] compute(double[] x, boolean magnitude, double @Nullable [] bias);
  }

  private void compare(
      String what,
      Input x,
      float @Nullable [] bias,
      Clamp clamp,
      Reference reference,
      float[] y,
      int yOffset,
      float[] untouched) {
    LAST.set(y);
    String where = " [" + kernels.description() + ", seed " + seed + ", " + clamp + "] " + what;
    double[] expected =
        reference.compute(x.get(false), false, bias == null ? null : doubles(bias, false));
    double[] scale =
        reference.compute(x.get(true), true, bias == null ? null : doubles(bias, true));
    for (int i = 0; i < expected.length; i++) {
      double wanted = Math.min(Math.max(expected[i], clamp.low), clamp.high);
      double off = Math.abs(y[yOffset + i] - (isExact() ? (float) wanted : wanted));
      if (!(off <= (isExact() ? 0 : TOLERANCE * scale[i]))) {
        throw new AssertionError(
            "output " + i + " is " + y[yOffset + i] + ", expected " + wanted + where);
      }
    }
    for (int i = 0; i < y.length; i++) {
      boolean outside = i < yOffset || i >= yOffset + expected.length;
      if (outside && Float.compare(y[i], untouched[i]) != 0) {
        throw new AssertionError("wrote outside of the output, at " + i + where);
      }
    }
  }

  /** Lanes of the vectors, 16 where there are none. */
  static int lanes() {
    return KernelChoice.vector().isPresent() ? VectorKernels.bits() / Float.SIZE : 16;
  }

  /** Sizes around the number of lanes, of one vector, of two, and of a panel. */
  private int size() {
    int lanes = random.nextBoolean() ? lanes() : 4;
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
    int[] batches = {0, 1, 1, 1, 3};
    Padding padding = random.nextInt(3) == 0 ? Padding.VALID : Padding.SAME;
    Window window =
        new Window(
            Dims.of(1 + random.nextInt(5), 1 + random.nextInt(5)),
            Dims.of(1 + random.nextInt(3), 1 + random.nextInt(3)),
            Dims.of(1 + random.nextInt(3), 1 + random.nextInt(3)),
            padding);
    if (random.nextInt(4) == 0) {
      window = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), padding);
    }
    if (random.nextInt(3) == 0) {
      window = usualWindow(padding);
    }
    return geometry(batches[random.nextInt(batches.length)], window, channels, filters);
  }

  /** A window that kernels have a path of its own for, or nearly. */
  private Window usualWindow(Padding padding) {
    int size = random.nextInt(3) == 0 ? 5 : 3;
    int stride = 1 + random.nextInt(2);
    int dilation = random.nextInt(3) == 0 ? 2 : 1;
    return new Window(
        Dims.of(size, size), Dims.of(stride, stride), Dims.of(dilation, dilation), padding);
  }

  /** Pooling windows have no dilation, so that none lies on padding alone. */
  private ConvGeometry poolGeometry(int channels) {
    Window window =
        new Window(
            Dims.of(1 + random.nextInt(4), 1 + random.nextInt(4)),
            Dims.of(1 + random.nextInt(3), 1 + random.nextInt(3)),
            Dims.of(1, 1),
            random.nextBoolean() ? Padding.VALID : Padding.SAME);
    return geometry(random.nextInt(3), window, channels, channels);
  }

  /** An input as small as a window may be, smaller with padding "same", or larger. */
  private ConvGeometry geometry(int batch, Window window, int channels, int filters) {
    int most = channels * filters > 1000 ? 9 : 23;
    int least = window.padding() == Padding.SAME ? 1 : window.span(0);
    int height = least + random.nextInt(most);
    least = window.padding() == Padding.SAME ? 1 : window.span(1);
    int width = least + random.nextInt(most);
    if (random.nextInt(8) == 0) {
      height = Math.min(height, window.span(0) + 3);
      width += 50; // rows that are cut into several tiles
    }
    DataFormat format = random.nextBoolean() ? DataFormat.CHANNELS_LAST : DataFormat.CHANNELS_FIRST;
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(batch, height, width, channels)
            : Shape.of(batch, channels, height, width);
    return ConvGeometry.of("test", input, window, format, filters);
  }

  private Clamp clamp() {
    return Clamp.values()[random.nextInt(3)];
  }

  private float @Nullable [] bias(int size) {
    return random.nextInt(3) == 0 ? null : values(size);
  }

  private float[] values(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = isExact() ? random.nextInt(9) - 4 : 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** Every other case computes with small integers: no rounding, so no tolerance either. */
  private boolean isExact() {
    return seed % 2 == 1;
  }

  /** What no kernel may read: any use of it shows. */
  private float[] garbage(int size) {
    float[] values = new float[size];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  static double[] doubles(float[] values, boolean magnitude) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = magnitude ? Math.abs(values[i]) : values[i];
    }
    return doubles;
  }
}
