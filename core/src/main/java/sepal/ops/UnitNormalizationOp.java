package sepal.ops;

import java.util.List;
import sepal.kernels.Parallel;
import sepal.shape.AxisGroups;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Brings the vectors along some axes to length 1, computed in double. */
final class UnitNormalizationOp {
  private UnitNormalizationOp() {}

  static Tensor forward(Tensor x, List<Integer> axes, double shortest) {
    AxisGroups vectors = AxisGroups.of("unitNormalization", x.shape(), axes);
    return Tape.record(
        compute(x, vectors, shortest),
        (g, needed) -> new Tensor[] {backward(x, g, vectors, shortest)},
        x);
  }

  private static Tensor compute(Tensor x, AxisGroups vectors, double shortest) {
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] y = new double[values.length];
    Parallel.run(
        vectors.count(),
        values.length,
        vector -> {
          double length = Math.max(length(values, vectors, vector), shortest);
          for (int i = 0; i < vectors.length(); i++) {
            int at = vectors.index(vector, i);
            y[at] = values[at] / length;
          }
        });
    return Tensor.wrap(y, x.shape()).cast(x.dtype());
  }

  /** What points along the vector would only change its length, which stays 1. */
  private static Tensor backward(Tensor x, Tensor upstream, AxisGroups vectors, double shortest) {
    double[] values = x.cast(DType.FLOAT64).doubles();
    double[] g = upstream.cast(DType.FLOAT64).doubles();
    double[] dx = new double[values.length];
    for (int vector = 0; vector < vectors.count(); vector++) {
      double length = length(values, vectors, vector);
      double along = 0;
      if (length > shortest) {
        for (int i = 0; i < vectors.length(); i++) {
          int at = vectors.index(vector, i);
          along += g[at] * values[at] / length;
        }
      }
      double divisor = Math.max(length, shortest);
      for (int i = 0; i < vectors.length(); i++) {
        int at = vectors.index(vector, i);
        dx[at] = (g[at] - along * values[at] / divisor) / divisor;
      }
    }
    return Tensor.wrap(dx, x.shape()).cast(x.dtype());
  }

  private static double length(double[] values, AxisGroups vectors, int vector) {
    double squares = 0;
    for (int i = 0; i < vectors.length(); i++) {
      double value = values[vectors.index(vector, i)];
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
