package sepal.callbacks;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/**
 * Stops training when a value has not improved for some epochs.
 *
 * @see "Keras 3.16, keras.callbacks.EarlyStopping"
 */
public final class EarlyStopping extends Callback {
  private final Options options;
  private final Monitor monitor;
  private @Nullable Double best;
  private int bestEpoch;
  private int wait;
  private int stoppedEpoch;
  private @Nullable List<Tensor> bestWeights;

  /** The arguments, with Keras' defaults. */
  public static final class Options {
    String monitor = "val_loss";
    double minDelta;
    int patience;
    String mode = "auto";
    @Nullable Double baseline;
    boolean restoreBestWeights;
    int startFromEpoch;

    Options() {}

    /** The logged value to watch; {@code val_loss} unless given. */
    public Options monitor(String monitor) {
      this.monitor = monitor;
      return this;
    }

    /** What counts as an improvement: more than this. */
    public Options minDelta(double minDelta) {
      this.minDelta = minDelta;
      return this;
    }

    /** Epochs without improvement to bear. */
    public Options patience(int patience) {
      this.patience = patience;
      return this;
    }

    /** {@code min}, {@code max}, or {@code auto}. */
    public Options mode(String mode) {
      this.mode = mode;
      return this;
    }

    /** What the first epochs must be better than. */
    public Options baseline(@Nullable Double baseline) {
      this.baseline = baseline;
      return this;
    }

    /** Whether the weights of the best epoch come back at the end. */
    public Options restoreBestWeights(boolean restore) {
      this.restoreBestWeights = restore;
      return this;
    }

    /** Epochs before watching begins. */
    public Options startFromEpoch(int epoch) {
      this.startFromEpoch = epoch;
      return this;
    }
  }

  /**
   * With the arguments that the lambda sets, and Keras' defaults for the others.
   *
   * @throws IllegalArgumentException if the mode is unknown
   */
  public EarlyStopping(Consumer<Options> set) {
    this.options = new Options();
    set.accept(options);
    this.monitor = new Monitor("EarlyStopping", options.monitor, options.mode);
  }

  /** The epoch, from 0, at which training was stopped; 0 if it was not. */
  public int stoppedEpoch() {
    return stoppedEpoch;
  }

  @Override
  public void onTrainBegin() {
    best = null;
    bestEpoch = 0;
    wait = 0;
    stoppedEpoch = 0;
    bestWeights = null;
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    Double value = monitor.in(logs, trainer());
    if (value == null || epoch < options.startFromEpoch) {
      return;
    }
    if (options.restoreBestWeights && bestWeights == null) {
      bestWeights = trainer().model().getWeights();
      bestEpoch = epoch;
    }
    wait++;
    if (monitor.better(value, best, options.minDelta)) {
      best = value;
      bestEpoch = epoch;
      if (options.restoreBestWeights) {
        bestWeights = trainer().model().getWeights();
      }
      if (options.baseline == null || monitor.better(value, options.baseline, options.minDelta)) {
        wait = 0;
      }
      return;
    }
    if (wait >= options.patience && epoch > 0) {
      stoppedEpoch = epoch;
      trainer().stopTraining();
    }
  }

  /** The best epoch so far, from 0. */
  public int bestEpoch() {
    return bestEpoch;
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    if (bestWeights != null) {
      trainer().model().setWeights(bestWeights);
    }
  }
}
