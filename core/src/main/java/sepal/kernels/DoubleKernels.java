package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * Convolution and pooling in float64, for one to three spatial axes: what float32 results are
 * measured against, and what runs where float64 was asked for. Taps on padding are skipped.
 */
public final class DoubleKernels {
  private static final int PADDING = -1;

  private DoubleKernels() {}

  /**
   * A dense or grouped convolution.
   *
   * @param x as {@code geometry.input()}
   * @param kernel (k..., channels / groups, filters)
   * @param groups group g reads channels g * channels / groups on, and gives as many filters
   * @param bias (filters), or null
   * @return as {@code geometry.output()}
   */
  public static double[] conv(
      double[] x, double[] kernel, int groups, double @Nullable [] bias, ConvGeometry geometry) {
    int channels = geometry.channels() / groups;
    int filters = geometry.filters();
    int inputs = geometry.inputSize().product();
    return map(
        geometry,
        (image, sources, f) -> {
          double sum = bias == null ? 0 : bias[f];
          int first = f / (filters / groups) * channels;
          for (int tap = 0; tap < sources.length; tap++) {
            if (sources[tap] != PADDING) {
              for (int c = 0; c < channels; c++) {
                sum +=
                    x[input(geometry, image, sources[tap], first + c, inputs)]
                        * kernel[(tap * channels + c) * filters + f];
              }
            }
          }
          return sum;
        });
  }

  /**
   * A depthwise convolution: as many groups as channels.
   *
   * @param kernel (k..., channels, multiplier), which in memory is (k..., 1, filters)
   * @param bias (channels * multiplier), or null
   * @param geometry with {@code filters = channels * multiplier}
   */
  public static double[] depthwiseConv(
      double[] x, double[] kernel, double @Nullable [] bias, ConvGeometry geometry) {
    return conv(x, kernel, geometry.channels(), bias, geometry);
  }

  /**
   * The gradients of {@link #conv}, added to what they are given.
   *
   * @param upstream the gradient by the output, as {@code geometry.output()}
   * @param dx the gradient by x, or null if it is not wanted
   * @param dKernel the gradient by the kernel, or null if it is not wanted
   */
  public static void convBackward(
      double[] x,
      double[] kernel,
      int groups,
      double[] upstream,
      double @Nullable [] dx,
      double @Nullable [] dKernel,
      ConvGeometry geometry) {
    int channels = geometry.channels() / groups;
    int filters = geometry.filters();
    int inputs = geometry.inputSize().product();
    forEach(
        geometry,
        (image, sources, f, at) -> {
          int first = f / (filters / groups) * channels;
          for (int tap = 0; tap < sources.length; tap++) {
            if (sources[tap] != PADDING) {
              for (int c = 0; c < channels; c++) {
                int in = input(geometry, image, sources[tap], first + c, inputs);
                int weight = (tap * channels + c) * filters + f;
                if (dx != null) {
                  dx[in] += upstream[at] * kernel[weight];
                }
                if (dKernel != null) {
                  dKernel[weight] += upstream[at] * x[in];
                }
              }
            }
          }
        });
  }

  /** The gradient by a bias: the sum of the upstream gradient over images and positions. */
  public static double[] biasBackward(double[] upstream, ConvGeometry geometry) {
    double[] sums = new double[geometry.filters()];
    forEach(geometry, (image, sources, f, at) -> sums[f] += upstream[at]);
    return sums;
  }

  /** The greatest value under the window; padding never wins. */
  public static double[] maxPool(double[] x, ConvGeometry geometry) {
    int inputs = geometry.inputSize().product();
    return map(
        geometry,
        (image, sources, c) ->
            Arrays.stream(sources)
                .filter(source -> source != PADDING)
                .mapToDouble(source -> x[input(geometry, image, source, c, inputs)])
                .reduce(Double.NEGATIVE_INFINITY, Math::max));
  }

  /** The mean of the values under the window; padding does not count. */
  public static double[] averagePool(double[] x, ConvGeometry geometry) {
    int inputs = geometry.inputSize().product();
    return map(
        geometry,
        (image, sources, c) ->
            Arrays.stream(sources)
                .filter(source -> source != PADDING)
                .mapToDouble(source -> x[input(geometry, image, source, c, inputs)])
                .average()
                .orElse(Double.NaN));
  }

  /** The gradient of {@link #maxPool}: it goes to the first of the greatest values. */
  public static double[] maxPoolBackward(double[] x, double[] upstream, ConvGeometry geometry) {
    int inputs = geometry.inputSize().product();
    double[] dx = new double[x.length];
    forEach(
        geometry,
        (image, sources, c, at) -> {
          int best = -1;
          for (int source : sources) {
            if (source != PADDING) {
              int in = input(geometry, image, source, c, inputs);
              best = best < 0 || x[in] > x[best] ? in : best;
            }
          }
          dx[best] += upstream[at];
        });
    return dx;
  }

  /** The gradient of {@link #averagePool}: it is shared by the values under the window. */
  public static double[] averagePoolBackward(double[] upstream, ConvGeometry geometry) {
    int inputs = geometry.inputSize().product();
    double[] dx = new double[geometry.batch() * inputs * geometry.channels()];
    forEach(
        geometry,
        (image, sources, c, at) -> {
          long count = Arrays.stream(sources).filter(source -> source != PADDING).count();
          for (int source : sources) {
            if (source != PADDING) {
              dx[input(geometry, image, source, c, inputs)] += upstream[at] / count;
            }
          }
        });
    return dx;
  }

  private interface Output {
    double compute(int image, int[] sources, int filter);
  }

  private interface Visit {
    void visit(int image, int[] sources, int filter, int at);
  }

  private static double[] map(ConvGeometry geometry, Output output) {
    int positions = geometry.outputSize().product();
    double[] y = new double[geometry.batch() * positions * geometry.filters()];
    forEach(geometry, (image, sources, f, at) -> y[at] = output.compute(image, sources, f));
    return y;
  }

  /** Visits every output: the positions under its window, and its place in the output. */
  private static void forEach(ConvGeometry geometry, Visit visit) {
    int positions = geometry.outputSize().product();
    int filters = geometry.filters();
    for (int position = 0; position < positions; position++) {
      int[] sources = sources(geometry, position);
      for (int image = 0; image < geometry.batch(); image++) {
        for (int f = 0; f < filters; f++) {
          visit.visit(
              image,
              sources,
              f,
              index(geometry.dataFormat(), image, position, f, positions, filters));
        }
      }
    }
  }

  /** The spatial position of the input that each tap of an output reads, or {@link #PADDING}. */
  private static int[] sources(ConvGeometry geometry, int position) {
    int[] sources = new int[geometry.window().size().product()];
    for (int tap = 0; tap < sources.length; tap++) {
      sources[tap] = source(geometry, position, tap);
    }
    return sources;
  }

  private static int source(ConvGeometry geometry, int position, int tap) {
    int source = 0;
    int stride = 1;
    for (int axis = geometry.window().rank() - 1; axis >= 0; axis--) {
      int outputs = geometry.outputSize().get(axis);
      int taps = geometry.window().size().get(axis);
      int inputs = geometry.inputSize().get(axis);
      int at = geometry.source(axis, position % outputs, tap % taps);
      if (at < 0 || at >= inputs) {
        return PADDING;
      }
      source += at * stride;
      stride *= inputs;
      position /= outputs;
      tap /= taps;
    }
    return source;
  }

  private static int input(
      ConvGeometry geometry, int image, int position, int channel, int positions) {
    return index(geometry.dataFormat(), image, position, channel, positions, geometry.channels());
  }

  private static int index(
      DataFormat dataFormat, int image, int position, int channel, int positions, int channels) {
    return dataFormat == DataFormat.CHANNELS_LAST
        ? (image * positions + position) * channels + channel
        : (image * channels + channel) * positions + position;
  }
}
