package sepal.callbacks;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import sepal.training.Callback;

/**
 * Calls functions.
 *
 * <pre>{@code
 * new LambdaCallback(o -> o.onEpochEnd((epoch, logs) -> chart.add(epoch, logs.get("loss"))))
 * }</pre>
 *
 * @see "Keras 3.16, keras.callbacks.LambdaCallback"
 */
public final class LambdaCallback extends Callback {
  private final Options options = new Options();

  /** The functions; none unless given. */
  public static final class Options {
    Runnable onTrainBegin = () -> {};
    Consumer<Map<String, Double>> onTrainEnd = logs -> {};
    IntConsumer onEpochBegin = epoch -> {};
    BiConsumer<Integer, Map<String, Double>> onEpochEnd = (epoch, logs) -> {};
    IntConsumer onTrainBatchBegin = batch -> {};
    BiConsumer<Integer, Map<String, Double>> onTrainBatchEnd = (batch, logs) -> {};

    Options() {}

    /** Called once, before the first epoch. */
    public Options onTrainBegin(Runnable function) {
      this.onTrainBegin = function;
      return this;
    }

    /** Called once, after the last epoch, with its logs. */
    public Options onTrainEnd(Consumer<Map<String, Double>> function) {
      this.onTrainEnd = function;
      return this;
    }

    /** Called before each epoch, with its number from 0. */
    public Options onEpochBegin(IntConsumer function) {
      this.onEpochBegin = function;
      return this;
    }

    /** Called after each epoch, with its number from 0 and its logs. */
    public Options onEpochEnd(BiConsumer<Integer, Map<String, Double>> function) {
      this.onEpochEnd = function;
      return this;
    }

    /** Called before each batch, with its number from 0 in the epoch. */
    public Options onTrainBatchBegin(IntConsumer function) {
      this.onTrainBatchBegin = function;
      return this;
    }

    /** Called after each batch, with its number from 0 in the epoch and the logs so far. */
    public Options onTrainBatchEnd(BiConsumer<Integer, Map<String, Double>> function) {
      this.onTrainBatchEnd = function;
      return this;
    }
  }

  /** With the functions that the lambda sets. */
  public LambdaCallback(Consumer<Options> set) {
    set.accept(options);
  }

  @Override
  public void onTrainBegin() {
    options.onTrainBegin.run();
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    options.onTrainEnd.accept(logs);
  }

  @Override
  public void onEpochBegin(int epoch) {
    options.onEpochBegin.accept(epoch);
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    options.onEpochEnd.accept(epoch, logs);
  }

  @Override
  public void onTrainBatchBegin(int batch) {
    options.onTrainBatchBegin.accept(batch);
  }

  @Override
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
    options.onTrainBatchEnd.accept(batch, logs);
  }
}
