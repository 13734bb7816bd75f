package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * Plain loops for gradients, one input channel after the other: what the vector kernels must equal.
 * A channel's gradients depend on no other channel's, so each is one task. Sums over pixels are
 * kept in double. Taps on padding are skipped.
 */
final class ScalarBackward {
  private ScalarBackward() {}

  /** The gradient by what was clamped to {@code stored}. */
  static float masked(float g, float stored, Clamp clamp) {
    boolean passes =
        clamp == Clamp.NONE
            || stored > clamp.low && (stored < clamp.high || clamp.high == Float.POSITIVE_INFINITY);
    return passes ? g : 0;
  }

  /** The gradient by what lies before the clamp, in the layout of the output. */
  static float[] masked(float[] g, float @Nullable [] y, Clamp clamp) {
    if (clamp == Clamp.NONE || y == null) {
      return g;
    }
    float[] before = new float[g.length];
    for (int i = 0; i < g.length; i++) {
      before[i] = masked(g[i], y[i], clamp);
    }
    return before;
  }

  static void separable(
      float[] x,
      float[] depthwise,
      int multiplier,
      float[] pointwise,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dDepthwise,
      float @Nullable [] dPointwise,
      ConvGeometry geometry) {
    int filters = geometry.filters();
    int between = geometry.channels() * multiplier;
    int taps = geometry.window().size().product();
    Strides out = Strides.ofOutput(geometry);
    Strides in = Strides.ofInput(geometry);
    Parallel.run(
        geometry.channels(),
        (long) geometry.output().size() * between,
        c -> {
          for (int k = c * multiplier; k < (c + 1) * multiplier; k++) {
            int p = k;
            double[] kernelSums = new double[taps];
            double[] rowSums = new double[filters];
            forEachPixel(
                geometry,
                (image, oy, ox, list) -> {
                  int at = image * out.image() + oy * out.row() + ox * out.column();
                  int from = image * in.image() + c * in.channel();
                  float z = 0;
                  for (int t = 0; t < list.count; t++) {
                    z += x[from + list.inputs[t]] * depthwise[list.weights[t] * between + p];
                  }
                  float dz = 0;
                  for (int f = 0; f < filters; f++) {
                    float up = g[at + f * out.channel()];
                    dz += up * pointwise[p * filters + f];
                    rowSums[f] += up * z;
                  }
                  for (int t = 0; t < list.count; t++) {
                    kernelSums[list.weights[t]] += x[from + list.inputs[t]] * dz;
                    if (dx != null) {
                      dx[from + list.inputs[t]] += depthwise[list.weights[t] * between + p] * dz;
                    }
                  }
                });
            for (int tap = 0; dDepthwise != null && tap < taps; tap++) {
              dDepthwise[tap * between + p] = (float) kernelSums[tap];
            }
            for (int f = 0; dPointwise != null && f < filters; f++) {
              dPointwise[p * filters + f] = (float) rowSums[f];
            }
          }
        });
  }

  /**
   * A dense or grouped convolution; with as many groups as channels, a depthwise one.
   *
   * @param kernel (kh, kw, channels / groups, filters)
   */
  static void conv(
      float[] x,
      float[] kernel,
      int groups,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      ConvGeometry geometry) {
    int filters = geometry.filters();
    int channels = geometry.channels() / groups;
    int own = filters / groups;
    int taps = geometry.window().size().product();
    Strides out = Strides.ofOutput(geometry);
    Strides in = Strides.ofInput(geometry);
    Parallel.run(
        geometry.channels(),
        (long) geometry.output().size() * channels * taps,
        c -> {
          int first = c / channels * own;
          double[] sums = new double[taps * own];
          forEachPixel(
              geometry,
              (image, oy, ox, list) -> {
                int at = image * out.image() + oy * out.row() + ox * out.column();
                int from = image * in.image() + c * in.channel();
                for (int t = 0; t < list.count; t++) {
                  int weight = (list.weights[t] * channels + c % channels) * filters + first;
                  float value = x[from + list.inputs[t]];
                  float down = 0;
                  for (int f = 0; f < own; f++) {
                    float up = g[at + (first + f) * out.channel()];
                    down += up * kernel[weight + f];
                    sums[list.weights[t] * own + f] += up * value;
                  }
                  if (dx != null) {
                    dx[from + list.inputs[t]] += down;
                  }
                }
              });
          for (int i = 0; dKernel != null && i < sums.length; i++) {
            int row = i / own * channels + c % channels;
            dKernel[row * filters + first + i % own] = (float) sums[i];
          }
        });
  }

  static void bias(float[] g, float[] dBias, ConvGeometry geometry) {
    boolean last = geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    int pixels = geometry.outputSize().product();
    int outer = geometry.batch() * (last ? pixels : 1);
    int inner = last ? 1 : pixels;
    for (int f = 0; f < dBias.length; f++) {
      double sum = 0;
      for (int o = 0; o < outer; o++) {
        int at = (o * dBias.length + f) * inner;
        for (int i = at; i < at + inner; i++) {
          sum += g[i];
        }
      }
      dBias[f] = (float) sum;
    }
  }

  private interface Pixel {
    void visit(int image, int oy, int ox, Taps taps);
  }

  private static void forEachPixel(ConvGeometry geometry, Pixel pixel) {
    Strides in = Strides.ofInput(geometry);
    Taps taps = new Taps();
    for (int oy = 0; oy < geometry.outputSize().get(0); oy++) {
      for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
        taps.collect(geometry, oy, ox, in, 1);
        for (int image = 0; image < geometry.batch(); image++) {
          pixel.visit(image, oy, ox, taps);
        }
      }
    }
  }
}
