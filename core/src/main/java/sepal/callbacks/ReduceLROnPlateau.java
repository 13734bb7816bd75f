package sepal.callbacks;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.training.Callback;

/**
 * Lowers the learning rate when a value has not improved for some epochs.
 *
 * @see "Keras 3.16, keras.callbacks.ReduceLROnPlateau"
 */
public final class ReduceLROnPlateau extends Callback {
  private final Options options;
  private final Monitor monitor;
  private @Nullable Double best;
  private int wait;
  private int cooldown;

  /** The arguments, with Keras' defaults. */
  public static final class Options {
    String monitor = "val_loss";
    double factor = 0.1;
    int patience = 10;
    String mode = "auto";
    double minDelta = 1e-4;
    int cooldown;
    double minLr;

    Options() {}

    /** The logged value to watch; {@code val_loss} unless given. */
    public Options monitor(String monitor) {
      this.monitor = monitor;
      return this;
    }

    /** What the rate is multiplied with, less than 1. */
    public Options factor(double factor) {
      this.factor = factor;
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

    /** What counts as an improvement: more than this. */
    public Options minDelta(double minDelta) {
      this.minDelta = minDelta;
      return this;
    }

    /** Epochs to wait after a change before watching again. */
    public Options cooldown(int epochs) {
      this.cooldown = epochs;
      return this;
    }

    /** The lowest rate. */
    public Options minLr(double minLr) {
      this.minLr = minLr;
      return this;
    }
  }

  /**
   * @throws IllegalArgumentException if the factor is not less than 1
   */
  public ReduceLROnPlateau(Consumer<Options> set) {
    this.options = new Options();
    set.accept(options);
    if (!(options.factor < 1)) {
      throw Problem.in("ReduceLROnPlateau", "the factor must be less than 1")
          .got("factor=" + options.factor)
          .asInvalidArgument();
    }
    this.monitor = new Monitor("ReduceLROnPlateau", options.monitor, options.mode);
  }

  @Override
  public void onTrainBegin() {
    best = null;
    wait = 0;
    cooldown = 0;
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    logs.put("learning_rate", trainer().optimizer().learningRate());
    Double value = monitor.in(logs, trainer());
    if (value == null) {
      return;
    }
    if (cooldown > 0) {
      cooldown--;
      wait = 0;
    }
    if (monitor.better(value, best, options.minDelta)) {
      best = value;
      wait = 0;
    } else if (cooldown <= 0 && ++wait >= options.patience) {
      double old = trainer().optimizer().learningRate();
      if (old > (float) options.minLr) {
        trainer().optimizer().setLearningRate(Math.max(old * options.factor, options.minLr));
        cooldown = options.cooldown;
        wait = 0;
      }
    }
  }
}
