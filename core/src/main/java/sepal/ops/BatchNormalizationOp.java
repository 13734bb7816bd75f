package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Parallel;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Brings every channel to a mean and a variance; statistics of a batch. */
final class BatchNormalizationOp {
  /** Channels that one task sums up: enough to use each cache line in one go. */
  private static final int BLOCK = 16;

  private BatchNormalizationOp() {}

  static Tensor forward(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Tensor mean,
      Tensor variance,
      int axis,
      double epsilon) {
    return Tape.record(
        compute(x, gamma, beta, mean, variance, axis, epsilon),
        (g, needed) -> backward(x, gamma, beta, mean, variance, axis, epsilon, g),
        Inputs.of(x, mean, variance, gamma, beta));
  }

  private static Tensor compute(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Tensor mean,
      Tensor variance,
      int axis,
      double epsilon) {
    int channels = mean.size();
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = (gamma == null ? 1 : gamma.get(c)) / Math.sqrt(variance.get(c) + epsilon);
      shift[c] = (beta == null ? 0 : beta.get(c)) - mean.get(c) * scale[c];
    }
    int outer = outer(x.shape(), axis);
    int inner = inner(x.shape(), axis);
    if (x.dtype() == DType.FLOAT64) {
      double[] y = x.toDoubleArray();
      for (int i = 0; i < y.length; i++) {
        int c = i / inner % channels;
        y[i] = y[i] * scale[c] + shift[c];
      }
      return Tensor.wrap(y, x.shape());
    }
    float[] y = new float[x.size()];
    KernelChoice.kernels()
        .scaleShift(
            x.floats(),
            0,
            toFloats(scale),
            toFloats(shift),
            Clamp.NONE,
            y,
            0,
            outer,
            channels,
            inner);
    return Tensor.wrap(y, x.shape());
  }

  private static Tensor[] backward(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Tensor mean,
      Tensor variance,
      int axis,
      double epsilon,
      Tensor upstream) {
    int channels = mean.size();
    double[] g = upstream.cast(DType.FLOAT64).doubles();
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] inverse = new double[channels];
    double[] scale = new double[channels];
    for (int c = 0; c < channels; c++) {
      inverse[c] = 1 / Math.sqrt(variance.get(c) + epsilon);
      scale[c] = (gamma == null ? 1 : gamma.get(c)) * inverse[c];
    }
    double[] sum = new double[channels];
    double[] deviations = new double[channels];
    double[] dx = new double[g.length];
    forEachRow(
        x.shape(),
        axis,
        (c, from, end) -> {
          double middle = mean.get(c);
          for (int i = from; i < end; i++) {
            dx[i] = g[i] * scale[c];
            sum[c] += g[i];
            deviations[c] += g[i] * (values[i] - middle);
          }
        });
    double[] dMean = new double[channels];
    double[] dVariance = new double[channels];
    double[] dGamma = new double[channels];
    for (int c = 0; c < channels; c++) {
      dMean[c] = -sum[c] * scale[c];
      dVariance[c] = -0.5 * deviations[c] * scale[c] * inverse[c] * inverse[c];
      dGamma[c] = deviations[c] * inverse[c];
    }
    return Inputs.of(
        Tensor.wrap(dx, x.shape()).cast(x.dtype()),
        channelwise(dMean, x),
        channelwise(dVariance, x),
        gamma == null ? null : channelwise(dGamma, x),
        beta == null ? null : channelwise(sum, x));
  }

  private static Tensor channelwise(double[] values, Tensor x) {
    return Tensor.wrap(values, Shape.of(values.length)).cast(x.dtype());
  }

  private static float[] toFloats(double[] values) {
    return Tensor.of(values, values.length).cast(DType.FLOAT32).floats();
  }

  /** Sums in double, in an order that does not depend on the number of threads. */
  static Moments moments(Tensor x, int axis) {
    int channels = x.shape().get(axis);
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    double count = (double) outer(x.shape(), axis) * inner(x.shape(), axis);
    forEachRow(
        x.shape(),
        axis,
        (c, from, end) -> {
          for (int i = from; i < end; i++) {
            mean[c] += values[i];
          }
        });
    divide(mean, count);
    forEachRow(
        x.shape(),
        axis,
        (c, from, end) -> {
          for (int i = from; i < end; i++) {
            double deviation = values[i] - mean[c];
            variance[c] += deviation * deviation;
          }
        });
    divide(variance, count);
    return new Moments(
        Tape.record(
            channelwise(mean, x),
            (g, needed) -> new Tensor[] {momentBackward(x, g, axis, count, null)},
            x),
        Tape.record(
            channelwise(variance, x),
            (g, needed) -> new Tensor[] {momentBackward(x, g, axis, count, mean)},
            x));
  }

  /** The gradient of the mean; with a mean, that of the variance around it. */
  private static Tensor momentBackward(
      Tensor x, Tensor g, int axis, double count, double @Nullable [] mean) {
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] dx = new double[values.length];
    forEachRow(
        x.shape(),
        axis,
        (c, from, end) -> {
          double part = g.get(c) / count;
          for (int i = from; i < end; i++) {
            dx[i] = mean == null ? part : part * (2 * (values[i] - mean[c]));
          }
        });
    return Tensor.wrap(dx, x.shape()).cast(x.dtype());
  }

  private interface Row {
    void run(int channel, int from, int end);
  }

  /**
   * Visits the neighbours of one channel, one after the other: all of a channel in order on one
   * thread, so that sums do not depend on the number of threads.
   */
  private static void forEachRow(Shape shape, int axis, Row row) {
    int outer = outer(shape, axis);
    int channels = shape.get(axis);
    int inner = inner(shape, axis);
    Parallel.run(
        (channels + BLOCK - 1) / BLOCK,
        block -> {
          int first = block * BLOCK;
          int end = Math.min(first + BLOCK, channels);
          for (int o = 0; o < outer; o++) {
            for (int c = first; c < end; c++) {
              int at = (o * channels + c) * inner;
              row.run(c, at, at + inner);
            }
          }
        });
  }

  private static void divide(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= by;
    }
  }

  static Tensor movingAverage(Tensor average, Tensor value, double momentum) {
    double[] moved = new double[average.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = average.get(i) * momentum + value.get(i) * (1 - momentum);
    }
    return Tensor.wrap(moved, average.shape()).cast(average.dtype());
  }

  private static int outer(Shape shape, int axis) {
    return shape.slice(0, axis).size();
  }

  private static int inner(Shape shape, int axis) {
    return shape.slice(axis + 1, shape.rank()).size();
  }
}
