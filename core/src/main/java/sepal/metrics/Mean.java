package sepal.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.losses.Samples;
import sepal.tensor.Tensor;

/**
 * The weighted mean of numbers that come in one after the other; 0 as long as there are none.
 *
 * @see "Keras 3.16, keras.metrics.Mean"
 */
public final class Mean {
  private double total;
  private double count;

  /** The mean of no numbers yet. */
  public Mean() {}

  /** Takes in one number. */
  public void update(double value, double weight) {
    total += value * weight;
    count += weight;
  }

  /**
   * Takes in the mean of the values of each sample.
   *
   * @param values samples on axis 0
   * @param weight one for each sample, or for each value; null for 1
   * @throws IllegalArgumentException if the weights do not go with the values
   */
  public void update(Tensor values, @Nullable Tensor weight) {
    double[] weights = Samples.weights(weight, values.shape());
    int samples = values.shape().rank() == 0 ? 1 : values.shape().get(0);
    if (weights.length == 0) {
      return;
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += values.get(i) * weights[i];
    }
    double perSample = (double) weights.length / samples;
    total += sum / perSample;
    count += Arrays.stream(weights).sum() / perSample;
  }

  /** The mean of all numbers since the last reset. */
  public double result() {
    return count == 0 ? 0 : total / count;
  }

  /** Forgets all numbers. */
  public void reset() {
    total = 0;
    count = 0;
  }
}
