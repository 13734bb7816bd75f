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

  private interface Output {
    double compute(int image, int[] sources, int filter);
  }

  private static double[] map(ConvGeometry geometry, Output output) {
    int positions = geometry.outputSize().product();
    int filters = geometry.filters();
    double[] y = new double[geometry.batch() * positions * filters];
    for (int position = 0; position < positions; position++) {
      int[] sources = sources(geometry, position);
      for (int image = 0; image < geometry.batch(); image++) {
        for (int f = 0; f < filters; f++) {
          int at = index(geometry.dataFormat(), image, position, f, positions, filters);
          y[at] = output.compute(image, sources, f);
        }
      }
    }
    return y;
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
