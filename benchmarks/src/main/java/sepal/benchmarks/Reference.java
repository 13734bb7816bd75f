package sepal.benchmarks;

import java.util.concurrent.atomic.AtomicLong;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;

/** The layer in float64, in the plainest way, to compare every library's output with. */
final class Reference {
  /**
   * How far an output may be off, in shares of the sum of the magnitudes of its terms: about the
   * square root of 5000 terms times float32's 6e-8.
   */
  static final double TOLERANCE = 4e-6;

  private Reference() {}

  /** The greatest error of all outputs {@code (batch, newH, newW, filters)}, in such shares. */
  static double error(LayerData data, float[] y) {
    ConvGeometry geometry = data.geometry();
    if (y.length != geometry.output().size()) {
      return Double.POSITIVE_INFINITY;
    }
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    AtomicLong worst = new AtomicLong();
    Parallel.run(
        data.batch() * height,
        row -> {
          Pixel pixel = new Pixel(data, geometry);
          double error = 0;
          for (int ox = 0; ox < width; ox++) {
            pixel.compute(row / height, row % height, ox);
            error = Math.max(error, pixel.error(y, (row * width + ox) * geometry.filters()));
          }
          // as bits, doubles from 0 on are in the order of longs, and NaN is the greatest
          worst.accumulateAndGet(Double.doubleToLongBits(error), Math::max);
        });
    return Double.longBitsToDouble(worst.get());
  }

  private static final class Pixel {
    private final LayerData data;
    private final ConvGeometry geometry;
    private final double[] between;
    private final double[] betweenMagnitude;
    private final double[] sums;
    private final double[] magnitudes;

    Pixel(LayerData data, ConvGeometry geometry) {
      this.data = data;
      this.geometry = geometry;
      between = new double[data.workload().between()];
      betweenMagnitude = new double[between.length];
      sums = new double[geometry.filters()];
      magnitudes = new double[sums.length];
    }

    void compute(int image, int oy, int ox) {
      depthwise(image, oy, ox);
      for (int f = 0; f < sums.length; f++) {
        sums[f] = data.bias()[f];
        magnitudes[f] = Math.abs(sums[f]);
      }
      float[] pointwise = data.pointwise();
      for (int k = 0; k < between.length; k++) {
        double value = between[k];
        double magnitude = betweenMagnitude[k];
        for (int f = 0; f < sums.length; f++) {
          float weight = pointwise[k * sums.length + f];
          sums[f] += value * weight;
          magnitudes[f] += magnitude * Math.abs(weight);
        }
      }
    }

    private void depthwise(int image, int oy, int ox) {
      Workload workload = data.workload();
      for (int k = 0; k < between.length; k++) {
        double sum = 0;
        double magnitude = 0;
        for (int a = 0; a < workload.window().size().get(0); a++) {
          int iy = geometry.source(0, oy, a);
          for (int b = 0; b < workload.window().size().get(1); b++) {
            int ix = geometry.source(1, ox, b);
            if (iy >= 0 && iy < workload.height() && ix >= 0 && ix < workload.width()) {
              int pixel = (image * workload.height() + iy) * workload.width() + ix;
              int tap = a * workload.window().size().get(1) + b;
              double product =
                  (double) data.x()[pixel * workload.channels() + k / workload.multiplier()]
                      * data.depthwise()[tap * between.length + k];
              sum += product;
              magnitude += Math.abs(product);
            }
          }
        }
        between[k] = sum;
        betweenMagnitude[k] = magnitude;
      }
    }

    double error(float[] y, int at) {
      double worst = 0;
      for (int f = 0; f < sums.length; f++) {
        worst = Math.max(worst, Math.abs(y[at + f] - Math.max(0, sums[f])) / magnitudes[f]);
      }
      return worst;
    }
  }
}
