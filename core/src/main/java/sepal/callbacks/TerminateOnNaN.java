package sepal.callbacks;

import java.util.Map;
import sepal.training.Callback;

/**
 * Ends training quietly when the loss is not finite; without it, that is an error. The weights are
 * those of the last good update in both cases.
 *
 * @see "Keras 3.16, keras.callbacks.TerminateOnNaN"
 */
public final class TerminateOnNaN extends Callback {
  /** It has no arguments. */
  public TerminateOnNaN() {}

  @Override
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
    if (!Double.isFinite(logs.getOrDefault("loss", 0.0))) {
      trainer().stopTraining();
    }
  }
}
