package sepal.activations;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nearest point whose values are not negative and sum to 1; many of them are zero.
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

  /** What to subtract so that the positive rest sums to 1. */
  private static double threshold(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double sum = 0;
    double threshold = Double.NaN;
    for (int k = 1; k <= sorted.length; k++) {
      double value = sorted[sorted.length - k];
      sum += value;
      if (1 + k * value > sum) {
        threshold = (sum - 1) / k;
      }
    }
    return Double.isNaN(sum) ? sum : threshold;
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
