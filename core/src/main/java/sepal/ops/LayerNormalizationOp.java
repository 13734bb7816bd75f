package sepal.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Parallel;
import sepal.shape.AxisGroups;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Brings the values along some axes to mean 0 and variance 1, computed in double. */
final class LayerNormalizationOp {
  private LayerNormalizationOp() {}

  static Tensor forward(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      List<Integer> axes,
      double epsilon,
      boolean centered) {
    AxisGroups groups = AxisGroups.of("layerNormalization", x.shape(), axes);
    return Tape.record(
        compute(x, gamma, beta, groups, epsilon, centered),
        (g, needed) -> backward(x, gamma, beta, g, groups, epsilon, centered),
        Inputs.of(x, gamma, beta));
  }

  private static Tensor compute(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      AxisGroups groups,
      double epsilon,
      boolean centered) {
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] y = new double[values.length];
    Parallel.run(
        groups.count(),
        values.length,
        group -> {
          Statistics of = Statistics.of(values, groups, group, epsilon);
          double middle = centered ? of.mean : 0;
          for (int i = 0; i < groups.length(); i++) {
            int at = groups.index(group, i);
            double scale = gamma == null ? of.inverse : of.inverse * gamma.get(i);
            y[at] = (values[at] - middle) * scale + (beta == null ? 0 : beta.get(i));
          }
        });
    return Tensor.wrap(y, x.shape()).cast(x.dtype());
  }

  private static Tensor[] backward(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Tensor upstream,
      AxisGroups groups,
      double epsilon,
      boolean centered) {
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] g = upstream.cast(DType.FLOAT64).doubles();
    double[] dx = new double[values.length];
    int length = groups.length();
    double[] dGamma = new double[length];
    double[] dBeta = new double[length];
    double[] scaled = new double[length];
    for (int group = 0; group < groups.count(); group++) {
      Statistics of = Statistics.of(values, groups, group, epsilon);
      double middle = centered ? of.mean : 0;
      double sum = 0;
      double product = 0;
      for (int i = 0; i < length; i++) {
        int at = groups.index(group, i);
        double normal = (values[at] - middle) * of.inverse;
        scaled[i] = gamma == null ? g[at] : g[at] * gamma.get(i);
        sum += scaled[i];
        product += scaled[i] * normal;
        dGamma[i] += g[at] * normal;
        dBeta[i] += g[at];
      }
      double share = centered ? sum / length : 0;
      for (int i = 0; i < length; i++) {
        int at = groups.index(group, i);
        double deviation = (values[at] - of.mean) * of.inverse;
        dx[at] = of.inverse * (scaled[i] - share - deviation * product / length);
      }
    }
    return Inputs.of(
        Tensor.wrap(dx, x.shape()).cast(x.dtype()),
        gamma == null ? null : Tensor.wrap(dGamma, gamma.shape()).cast(gamma.dtype()),
        beta == null ? null : Tensor.wrap(dBeta, beta.shape()).cast(beta.dtype()));
  }

  /** Of one group: the mean, and one by the root of the variance. */
  private record Statistics(double mean, double inverse) {

    static Statistics of(double[] values, AxisGroups groups, int group, double epsilon) {
      int length = groups.length();
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += values[groups.index(group, i)];
      }
      double mean = sum / length;
      double squares = 0;
      for (int i = 0; i < length; i++) {
        double deviation = values[groups.index(group, i)] - mean;
        squares += deviation * deviation;
      }
      return new Statistics(mean, 1 / Math.sqrt(squares / length + epsilon));
    }
  }
}
