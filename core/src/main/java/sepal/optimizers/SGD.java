package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;

/**
 * Gradient descent, with optional (Nesterov) momentum.
 *
 * @see "Keras 3.16, keras.optimizers.SGD"
 */
public final class SGD extends Optimizer {
  private final double momentum;
  private final boolean nesterov;

  /** With Keras' defaults. */
  public SGD() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public SGD(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public SGD(Consumer<Options> options) {
    this(Options.of(options));
  }

  private SGD(Options options) {
    super(options, options.momentum == 0 ? List.of() : List.of(List.of("momentum")));
    if (!(options.momentum >= 0 && options.momentum <= 1)) {
      throw Problem.in("SGD", "momentum must lie between 0 and 1")
          .got("momentum=" + options.momentum)
          .asInvalidArgument();
    }
    this.momentum = options.momentum;
    this.nesterov = options.nesterov;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double momentum = 0;
    boolean nesterov = false;

    private Options() {
      super("sgd", 0.01);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** How much of the last change is kept; 0 for none. */
    public Options momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /** Whether to look ahead along the momentum. */
    public Options nesterov(boolean nesterov) {
      this.nesterov = nesterov;
      return this;
    }
  }

  static SGD read(Config config) {
    Options o = new Options().read(config);
    o.momentum = config.number("momentum", o.momentum);
    o.nesterov = config.flag("nesterov", o.nesterov);
    return new SGD(o);
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    if (momentum == 0) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] -= rate * gradient[i];
      }
      return;
    }
    double[] velocity = slots[0];
    for (int i = 0; i < weight.length; i++) {
      double change = rate * gradient[i];
      velocity[i] = momentum * velocity[i] - change;
      weight[i] += nesterov ? momentum * velocity[i] - change : velocity[i];
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("momentum", momentum);
    config.put("nesterov", nesterov);
    return config;
  }
}
