package sepal.callbacks;

import java.util.Map;
import sepal.training.Callback;

/**
 * Evaluates and predicts with the moving averages of the weights; training goes on with the weights
 * themselves. The optimizer must follow moving averages: {@code o -> o.useEma(0.99, null)}.
 *
 * @see "Keras 3.16, keras.callbacks.SwapEMAWeights"
 */
public final class SwapEMAWeights extends Callback {
  private final boolean swapOnEpoch;
  private boolean swapped;

  /** Swaps for evaluation and prediction only. */
  public SwapEMAWeights() {
    this(false);
  }

  /**
   * @param swapOnEpoch whether to swap at the end of each epoch too, so that callbacks after this
   *     one save the averages
   */
  public SwapEMAWeights(boolean swapOnEpoch) {
    this.swapOnEpoch = swapOnEpoch;
  }

  /** Makes the model hold the averages, or the weights themselves. */
  private void hold(boolean averages) {
    if (swapped != averages) {
      trainer().optimizer().swapAverages();
      swapped = averages;
    }
  }

  @Override
  public void onEpochBegin(int epoch) {
    hold(false);
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    if (swapOnEpoch) {
      hold(true);
    }
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    swapped = false; // the averages have become the weights
  }

  @Override
  public void onTestBegin() {
    hold(true);
  }

  @Override
  public void onTestEnd(Map<String, Double> logs) {
    hold(false);
  }

  @Override
  public void onPredictBegin() {
    hold(true);
  }

  @Override
  public void onPredictEnd() {
    hold(false);
  }
}
