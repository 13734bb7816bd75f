package sepal.constraints;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import sepal.config.KerasConfig;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/** Scales the vectors of a weight by their lengths. */
final class Norms {
  private Norms() {}

  /** Each vector that runs along {@code axes}, brought from its length to the desired one. */
  static Tensor rescale(
      String where, Tensor weight, List<Integer> axes, DoubleUnaryOperator desired) {
    AxisGroups vectors = AxisGroups.of(where, weight.shape(), axes);
    double[] values = weight.toDoubleArray();
    for (int vector = 0; vector < vectors.count(); vector++) {
      double sum = 0;
      for (int i = 0; i < vectors.length(); i++) {
        double value = values[vectors.index(vector, i)];
        sum += value * value;
      }
      double norm = Math.sqrt(sum);
      double scale = desired.applyAsDouble(norm) / (KerasConfig.epsilon() + norm);
      for (int i = 0; i < vectors.length(); i++) {
        values[vectors.index(vector, i)] *= scale;
      }
    }
    return Tensor.wrap(values, weight.shape()).cast(weight.dtype());
  }

  static double clip(double value, double low, double high) {
    return Math.min(Math.max(value, low), high);
  }

  /** As Keras writes it: one axis as a number, several as a list. */
  static Object axis(List<Integer> axes) {
    return axes.size() == 1 ? axes.get(0) : axes;
  }
}
