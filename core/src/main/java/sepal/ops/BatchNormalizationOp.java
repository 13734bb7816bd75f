package sepal.ops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Brings every channel to a mean and a variance; statistics of a batch. */
final class BatchNormalizationOp {
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
        (g, needed) -> {
          Backward backward = new Backward(x, gamma, mean, variance, axis, epsilon, g);
          return Inputs.of(
              backward.byInput(),
              backward.byMean(),
              backward.byVariance(),
              gamma == null ? null : backward.byGamma(),
              beta == null ? null : backward.byBeta());
        },
        Inputs.of(x, mean, variance, gamma, beta));
  }

  /** With the statistics of x itself, through which its gradient flows too. */
  static Tensor forward(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Moments batch,
      int axis,
      double epsilon) {
    return Tape.record(
        compute(x, gamma, beta, batch.mean(), batch.variance(), axis, epsilon),
        (g, needed) -> {
          Backward backward =
              new Backward(x, gamma, batch.mean(), batch.variance(), axis, epsilon, g);
          return Inputs.of(
              backward.byInputAndStatistics(),
              gamma == null ? null : backward.byGamma(),
              beta == null ? null : backward.byBeta());
        },
        Inputs.of(x, gamma, beta));
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
    if (x.dtype() == DType.FLOAT64) {
      double[] zeros = new double[channels];
      return new ChannelSums(x.shape(), axis).affine(null, zeros, x, zeros, scale, shift);
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
            x.shape().slice(0, axis).size(),
            channels,
            x.shape().slice(axis + 1, x.shape().rank()).size());
    return Tensor.wrap(y, x.shape());
  }

  /** The gradients of one call. */
  private static final class Backward {
    private final Tensor x;
    private final Tensor g;
    private final ChannelSums sums;
    private final double[] middle;
    private final double[] inverse;
    private final double[] scale;

    /** For each channel the sum of g. */
    private final double[] sum;

    /** For each channel the sum of g times the deviation of x. */
    private final double[] deviations;

    Backward(
        Tensor x,
        @Nullable Tensor gamma,
        Tensor mean,
        Tensor variance,
        int axis,
        double epsilon,
        Tensor g) {
      this.x = x;
      this.g = g;
      sums = new ChannelSums(x.shape(), axis);
      middle = mean.toDoubleArray();
      inverse = new double[middle.length];
      scale = new double[middle.length];
      for (int c = 0; c < middle.length; c++) {
        inverse[c] = 1 / Math.sqrt(variance.get(c) + epsilon);
        scale[c] = (gamma == null ? 1 : gamma.get(c)) * inverse[c];
      }
      ChannelSums.Sums found = sums.sums(g, new double[middle.length], x, middle);
      sum = found.first();
      deviations = found.products();
    }

    Tensor byInput() {
      double[] zeros = new double[middle.length];
      return sums.affine(g, scale, x, zeros, zeros, zeros);
    }

    /** As {@code byInput} and what comes through mean and variance, in one pass. */
    Tensor byInputAndStatistics() {
      double[] slope = new double[middle.length];
      double[] offset = new double[middle.length];
      for (int c = 0; c < middle.length; c++) {
        double share = scale[c] / sums.count();
        slope[c] = -share * deviations[c] * inverse[c] * inverse[c];
        offset[c] = -share * sum[c];
      }
      return sums.affine(g, scale, x, middle, slope, offset);
    }

    Tensor byMean() {
      double[] values = new double[middle.length];
      Arrays.setAll(values, c -> -sum[c] * scale[c]);
      return channelwise(values, x);
    }

    Tensor byVariance() {
      double[] values = new double[middle.length];
      Arrays.setAll(values, c -> -0.5 * deviations[c] * scale[c] * inverse[c] * inverse[c]);
      return channelwise(values, x);
    }

    Tensor byGamma() {
      double[] values = new double[middle.length];
      Arrays.setAll(values, c -> deviations[c] * inverse[c]);
      return channelwise(values, x);
    }

    Tensor byBeta() {
      return channelwise(sum, x);
    }
  }

  private static Tensor channelwise(double[] values, Tensor x) {
    return Tensor.wrap(values, Shape.of(values.length)).cast(x.dtype());
  }

  private static float[] toFloats(double[] values) {
    return Tensor.of(values, values.length).cast(DType.FLOAT32).floats();
  }

  static Moments moments(Tensor x, int axis) {
    ChannelSums sums = new ChannelSums(x.shape(), axis);
    int channels = x.shape().get(axis);
    int inner = x.shape().slice(axis + 1, x.shape().rank()).size();
    double[] near = new double[channels]; // sums of deviations from it lose no digits
    Arrays.setAll(near, c -> x.get(c * inner));
    ChannelSums.Sums found = sums.sums(x, near, x, near);
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    for (int c = 0; c < channels; c++) {
      double off = found.first()[c] / sums.count();
      mean[c] = near[c] + off;
      variance[c] = Math.max(0, found.products()[c] / sums.count() - off * off);
    }
    double[] zeros = new double[channels];
    return new Moments(
        Tape.record(
            channelwise(mean, x),
            (g, needed) ->
                new Tensor[] {
                  sums.affine(null, zeros, x, zeros, zeros, shares(g, 1 / sums.count()))
                },
            x),
        Tape.record(
            channelwise(variance, x),
            (g, needed) ->
                new Tensor[] {
                  sums.affine(null, zeros, x, mean, shares(g, 2 / sums.count()), zeros)
                },
            x));
  }

  private static double[] shares(Tensor g, double factor) {
    double[] shares = g.toDoubleArray();
    for (int c = 0; c < shares.length; c++) {
      shares[c] *= factor;
    }
    return shares;
  }

  static Tensor movingAverage(Tensor average, Tensor value, double momentum) {
    double[] moved = new double[average.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = average.get(i) * momentum + value.get(i) * (1 - momentum);
    }
    return Tensor.wrap(moved, average.shape()).cast(average.dtype());
  }
}
