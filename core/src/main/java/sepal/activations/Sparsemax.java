package sepal.activations;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

  /** With Keras' defaults. */
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

  @Override
  public void backpropagate(double[] inputs, double[] outputs, double[] gradient) {
    double threshold = threshold(inputs);
    double remaining = 0;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = inputs[i] >= threshold ? gradient[i] : 0;
      remaining += gradient[i];
    }
    int[] descending =
        IntStream.range(0, inputs.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -inputs[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int support = support(Arrays.stream(descending).mapToDouble(i -> inputs[i]).toArray());
    // The k-th greatest value is in all the partial sums from the k-th on.
    for (int k = 0; k < support; k++) {
      gradient[descending[k]] -= remaining * (support - k) / support;
    }
  }

  /**
   * What to subtract. The paper takes the greatest of the partial sums; Keras adds all of them, on
   * every backend, and models trained with Keras rely on that.
   */
  private static double threshold(double[] values) {
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      return Double.NaN;
    }
    double[] descending = Arrays.stream(values).map(v -> -v).sorted().map(v -> -v).toArray();
    int support = support(descending);
    double sum = 0;
    double sums = 0;
    for (int k = 0; k < support; k++) {
      sum += descending[k];
      sums += sum;
    }
    return (sums - 1) / support;
  }

  /** How many values stay above zero in the paper. */
  private static int support(double[] descending) {
    double sum = 0;
    int support = 0;
    for (int k = 0; k < descending.length; k++) {
      sum += descending[k];
      if (1 + (k + 1) * descending[k] > sum) {
        support++;
      }
    }
    return support;
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
