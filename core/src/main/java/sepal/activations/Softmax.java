package sepal.activations;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Positive values that sum to 1: {@code exp(x) / sum(exp(x))}.
 *
 * @param axes the axes that the values lie along, the last unless given
 */
public record Softmax(List<Integer> axes) implements AlongAxes {
  public Softmax {
    axes = List.copyOf(axes);
  }

  /** With Keras' defaults. */
  public Softmax() {
    this(List.of(-1));
  }

  @Override
  public void transform(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - max);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
  }

  @Override
  public void backpropagate(double[] inputs, double[] outputs, double[] gradient) {
    double mean = 0;
    for (int i = 0; i < gradient.length; i++) {
      mean += gradient[i] * outputs[i];
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = outputs[i] * (gradient[i] - mean);
    }
  }

  @Override
  public @Nullable String functionName() {
    return axes.equals(List.of(-1)) ? "softmax" : null;
  }

  @Override
  public String module() {
    return "keras.layers";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("axis", AlongAxes.axis(axes));
  }
}
