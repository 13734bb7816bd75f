package sepal.benchmarks;

import java.util.Arrays;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;

/** The layer in float64, in the plainest way, to compare what every library computes with. */
final class Reference {
  /**
   * How far a number may be off, in shares of the sum of the magnitudes of its terms: about the
   * square root of 5000 terms times float32's 6e-8.
   */
  static final double TOLERANCE = 4e-6;

  private final LayerData data;
  private final ConvGeometry geometry;
  private final boolean training;
  private final Sums y;
  private final Sums dx;
  private final Weights weights;

  private Reference(LayerData data, boolean training) {
    this.data = data;
    this.geometry = data.geometry();
    this.training = training;
    y = new Sums(geometry.output().size());
    dx = new Sums(training ? data.x().length : 0);
    weights = new Weights(data);
    Parallel.run(data.batch(), this::image);
  }

  /** Of the output. */
  static Reference of(LayerData data) {
    return new Reference(data, false);
  }

  /**
   * Of the output and the gradients, from {@link #data()}: that is {@code given} with an upstream
   * gradient of zero wherever rounding, within the tolerance, decides on which side of ReLU's kink
   * a value lies.
   */
  static Reference ofTraining(LayerData given) {
    return new Reference(given.withG(given.g().clone()), true);
  }

  /** What all this was computed from. */
  LayerData data() {
    return data;
  }

  /** The greatest error of all outputs {@code (batch, newH, newW, filters)}, in such shares. */
  double error(float[] output) {
    return y.error(output);
  }

  /** The greatest error of all gradients, in such shares. */
  double error(LayerGradients gradients) {
    double ofKernels =
        Math.max(
            weights.depthwise.error(gradients.depthwise()),
            weights.pointwise.error(gradients.pointwise()));
    double ofOthers = Math.max(dx.error(gradients.x()), weights.bias.error(gradients.bias()));
    return Math.max(ofKernels, ofOthers);
  }

  private void image(int image) {
    Pixel pixel = new Pixel(image);
    int filters = geometry.filters();
    for (int oy = 0; oy < geometry.outputSize().get(0); oy++) {
      for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
        int at = ((image * geometry.outputSize().get(0) + oy) * geometry.outputSize().get(1) + ox);
        pixel.forward(oy, ox, at * filters);
        if (training) {
          pixel.backward(oy, ox, at * filters);
        }
      }
    }
    synchronized (this) {
      weights.add(pixel.gradients);
    }
  }

  /** Sums, and the sums of the magnitudes of their terms. */
  private static final class Sums {
    private final double[] values;
    private final double[] magnitudes;

    Sums(int size) {
      values = new double[size];
      magnitudes = new double[size];
    }

    void clear() {
      Arrays.fill(values, 0);
      Arrays.fill(magnitudes, 0);
    }

    void add(int at, double term) {
      values[at] += term;
      magnitudes[at] += Math.abs(term);
    }

    void add(int at, Sums from, int index, double factor) {
      values[at] += from.values[index] * factor;
      magnitudes[at] += from.magnitudes[index] * Math.abs(factor);
    }

    void add(Sums from) {
      for (int i = 0; i < values.length; i++) {
        add(i, from, i, 1);
      }
    }

    /** Adds the sum {@code index} of {@code from} times each of {@code count} factors. */
    void add(int at, Sums from, int index, float[] factors, int first, int count) {
      double value = from.values[index]; // read once: for all the compiler knows, it changes below
      double magnitude = from.magnitudes[index];
      for (int i = 0; i < count; i++) {
        values[at + i] += value * factors[first + i];
        magnitudes[at + i] += magnitude * Math.abs(factors[first + i]);
      }
    }

    double error(float[] found) {
      if (found.length != values.length) {
        return Double.POSITIVE_INFINITY;
      }
      double worst = 0;
      for (int i = 0; i < values.length; i++) {
        double error = Math.abs(found[i] - values[i]);
        worst = Math.max(worst, error == 0 ? 0 : error / magnitudes[i]);
      }
      return worst;
    }
  }

  /** The gradients by the weights. */
  private static final class Weights {
    private final Sums depthwise;
    private final Sums pointwise;
    private final Sums bias;

    Weights(LayerData data) {
      depthwise = new Sums(data.depthwise().length);
      pointwise = new Sums(data.pointwise().length);
      bias = new Sums(data.bias().length);
    }

    void add(Weights from) {
      depthwise.add(from.depthwise);
      pointwise.add(from.pointwise);
      bias.add(from.bias);
    }
  }

  /** What one tap of the window reads: a pixel of the input. */
  private interface Tap {
    /**
     * @param x the pixel's first channel in the input
     * @param weight the tap's first channel in the depthwise kernel
     */
    void accept(int x, int weight);
  }

  private final class Pixel {
    private final int image;
    private final Sums between = new Sums(data.workload().between());
    private final Sums dBetween = new Sums(data.workload().between());
    private final Sums sums = new Sums(geometry.filters());
    private final float[] dSums = new float[geometry.filters()];
    private final Weights gradients = new Weights(data);

    Pixel(int image) {
      this.image = image;
    }

    void forward(int oy, int ox, int at) {
      int multiplier = data.workload().multiplier();
      between.clear();
      eachTap(
          oy,
          ox,
          (x, weight) -> {
            for (int k = 0; k < between.values.length; k++) {
              between.add(k, (double) data.x()[x + k / multiplier] * data.depthwise()[weight + k]);
            }
          });
      int filters = geometry.filters();
      sums.clear();
      for (int f = 0; f < filters; f++) {
        sums.add(f, data.bias()[f]);
      }
      for (int k = 0; k < between.values.length; k++) {
        sums.add(0, between, k, data.pointwise(), k * filters, filters);
      }
      for (int f = 0; f < filters; f++) {
        y.values[at + f] = Math.max(0, sums.values[f]);
        y.magnitudes[at + f] = sums.magnitudes[f];
      }
    }

    void backward(int oy, int ox, int at) {
      int filters = geometry.filters();
      for (int f = 0; f < filters; f++) {
        if (Math.abs(sums.values[f]) <= TOLERANCE * sums.magnitudes[f]) {
          data.g()[at + f] = 0;
        }
        dSums[f] = sums.values[f] > 0 ? data.g()[at + f] : 0;
        gradients.bias.add(f, dSums[f]);
      }
      for (int k = 0; k < between.values.length; k++) {
        gradients.pointwise.add(k * filters, between, k, dSums, 0, filters);
        double value = 0;
        double magnitude = 0;
        for (int f = 0; f < filters; f++) {
          double term = (double) dSums[f] * data.pointwise()[k * filters + f];
          value += term;
          magnitude += Math.abs(term);
        }
        dBetween.values[k] = value;
        dBetween.magnitudes[k] = magnitude;
      }
      int multiplier = data.workload().multiplier();
      eachTap(
          oy,
          ox,
          (x, weight) -> {
            for (int k = 0; k < between.values.length; k++) {
              dx.add(x + k / multiplier, dBetween, k, data.depthwise()[weight + k]);
              gradients.depthwise.add(weight + k, dBetween, k, data.x()[x + k / multiplier]);
            }
          });
    }

    /** Those on padding are left out. */
    private void eachTap(int oy, int ox, Tap tap) {
      Workload workload = data.workload();
      int width = workload.window().size().get(1);
      for (int a = 0; a < workload.window().size().get(0); a++) {
        int iy = geometry.source(0, oy, a);
        for (int b = 0; b < width; b++) {
          int ix = geometry.source(1, ox, b);
          if (iy >= 0 && iy < workload.height() && ix >= 0 && ix < workload.width()) {
            int pixel = (image * workload.height() + iy) * workload.width() + ix;
            tap.accept(pixel * workload.channels(), (a * width + b) * workload.between());
          }
        }
      }
    }
  }
}
