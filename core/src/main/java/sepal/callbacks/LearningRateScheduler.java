package sepal.callbacks;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import sepal.training.Callback;

/**
 * Sets the learning rate at the begin of each epoch.
 *
 * @see "Keras 3.16, keras.callbacks.LearningRateScheduler"
 */
public final class LearningRateScheduler extends Callback {
  private final Schedule schedule;

  /** The rate of an epoch. */
  @FunctionalInterface
  public interface Schedule {
    /**
     * @param epoch counted from 0
     * @param rate the rate so far
     */
    double apply(int epoch, double rate);
  }

  /** Asks this schedule before each epoch. */
  public LearningRateScheduler(Schedule schedule) {
    this.schedule = schedule;
  }

  /** A schedule that looks at the epoch only. */
  public static LearningRateScheduler of(DoubleUnaryOperator rateOfEpoch) {
    return new LearningRateScheduler((epoch, rate) -> rateOfEpoch.applyAsDouble(epoch));
  }

  @Override
  public void onEpochBegin(int epoch) {
    double rate = trainer().optimizer().learningRate();
    trainer().optimizer().setLearningRate(schedule.apply(epoch, rate));
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    logs.put("learning_rate", trainer().optimizer().learningRate());
  }
}
