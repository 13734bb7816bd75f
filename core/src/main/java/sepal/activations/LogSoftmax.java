package sepal.activations;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logarithm of {@code softmax}.
 *
 * @param axes the axes that the values lie along, the last unless given
 */
public record LogSoftmax(List<Integer> axes) implements AlongAxes {
  public LogSoftmax {
    axes = List.copyOf(axes);
  }

  /** With Keras' defaults. */
  public LogSoftmax() {
    this(List.of(-1));
  }

  @Override
  public void transform(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    double shift = max + Math.log(sum);
    for (int i = 0; i < values.length; i++) {
      values[i] -= shift;
    }
  }

  @Override
  public void backpropagate(double[] inputs, double[] outputs, double[] gradient) {
    double sum = Arrays.stream(gradient).sum();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] -= Math.exp(outputs[i]) * sum;
    }
  }

  @Override
  public @Nullable String functionName() {
    return axes.equals(List.of(-1)) ? "log_softmax" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("axis", AlongAxes.axis(axes));
  }
}
