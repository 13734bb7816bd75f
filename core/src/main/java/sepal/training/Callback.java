package sepal.training;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * Watches training, and may end it. Override what is of interest; logs hold the loss and the
 * metrics so far by name.
 */
public abstract class Callback {
  private @Nullable Trainer trainer;
  private Params params = new Params(1, null);

  /**
   * What is going to happen.
   *
   * @param epochs the epoch to stop before; 1 if there are no epochs
   * @param steps batches in each epoch, or null if nobody knows
   */
  public record Params(int epochs, @Nullable Integer steps) {}

  /**
   * The batch that is next to be trained on.
   *
   * @param epoch counted from 0
   * @param batch counted from 0 in the epoch
   */
  public record Position(int epoch, int batch) {}

  /** A callback that does nothing until its methods are overridden. */
  protected Callback() {}

  /** Called before anything else with what will be watched; predicting needs no trainer. */
  final void attach(@Nullable Trainer watched, Params known) {
    trainer = watched;
    params = known;
  }

  /** What is going to happen. */
  protected final Params params() {
    return params;
  }

  /**
   * The training that is watched: its model, its optimizer, and {@code stopTraining}.
   *
   * @throws IllegalStateException before training
   */
  protected final Trainer trainer() {
    Trainer watched = trainer;
    if (watched == null) {
      throw Problem.in(getClass().getSimpleName(), "the callback watches no training yet")
          .fix("give it to fit")
          .asIllegalState();
    }
    return watched;
  }

  /**
   * Called once before training; a callback that restores an earlier training does so here.
   *
   * @param start where training would begin
   * @return where it begins
   */
  public Position resumeAt(Position start) {
    return start;
  }

  /** Before the first epoch. */
  public void onTrainBegin() {}

  /** After the last epoch, with its logs. */
  public void onTrainEnd(Map<String, Double> logs) {}

  /**
   * @param epoch counted from 0
   */
  public void onEpochBegin(int epoch) {}

  /**
   * @param epoch counted from 0
   * @param logs may be added to
   */
  public void onEpochEnd(int epoch, Map<String, Double> logs) {}

  /**
   * @param batch counted from 0 in each epoch
   */
  public void onTrainBatchBegin(int batch) {}

  /**
   * @param batch counted from 0 in each epoch
   */
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {}

  /** Before an evaluation. */
  public void onTestBegin() {}

  /** After an evaluation, with its logs. */
  public void onTestEnd(Map<String, Double> logs) {}

  /** Before a batch of an evaluation. */
  public void onTestBatchBegin(int batch) {}

  /** After a batch of an evaluation, with the logs so far. */
  public void onTestBatchEnd(int batch, Map<String, Double> logs) {}

  /** Before a prediction. */
  public void onPredictBegin() {}

  /** After a prediction. */
  public void onPredictEnd() {}

  /** Before a batch of a prediction. */
  public void onPredictBatchBegin(int batch) {}

  /** After a batch of a prediction. */
  public void onPredictBatchEnd(int batch) {}
}
