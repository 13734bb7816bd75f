package sepal.optimizers;

import java.util.function.Consumer;
import sepal.config.Config;

/**
 * {@link Adam} with weight decay, 0.004 unless given.
 *
 * @see "Keras 3.16, keras.optimizers.AdamW"
 */
public final class AdamW extends Adam {
  /** With Keras' defaults. */
  public AdamW() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public AdamW(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public AdamW(Consumer<Options> options) {
    super(defaults().with(options));
  }

  private AdamW(Options options) {
    super(options);
  }

  private static Options defaults() {
    return new Options("adam_w").weightDecay(0.004);
  }

  static AdamW read(Config config) {
    return new AdamW(defaults().read(config));
  }
}
