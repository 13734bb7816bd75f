package sepal.activations;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A softmax with many zeros, as Keras computes it: where one value remains it is 1, as in the
 * paper; where several do, they are smaller than in the paper, and do not sum to 1.
 *
 * @param axes the axes that the values lie along, the last unless given
 * @see "Martins, Astudillo: From softmax to sparsemax, ICML 2016"
 */
public record Sparsemax(List<Integer> axes) implements AlongAxes {
  public Sparsemax {
    axes = List.copyOf(axes);
  }

  public Sparsemax() {
    this(List.of(-1));
  }

  @Override
  public void transform(double[] values) {
    double threshold = threshold(values);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(values[i] - threshold, 0);
    }
  }

  /**
   * What to subtract. The paper takes the greatest of the partial sums; Keras adds all of them, on
   * every backend, and models trained with Keras rely on that.
   */
  private static double threshold(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double sum = 0;
    double sums = 0;
    int support = 0;
    for (int k = 1; k <= sorted.length; k++) {
      double value = sorted[sorted.length - k];
      sum += value;
      if (Double.isNaN(sum)) {
        return sum;
      }
      if (1 + k * value > sum) {
        sums += sum;
        support++;
      }
    }
    return (sums - 1) / support;
  }

  @Override
  public @Nullable String functionName() {
    return axes.equals(List.of(-1)) ? "sparsemax" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("axis", AlongAxes.axis(axes));
  }
}
