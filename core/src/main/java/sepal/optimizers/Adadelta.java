package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Steps scaled by running root mean squares of gradients and of changes.
 *
 * @see "Keras 3.16, keras.optimizers.Adadelta"
 */
public final class Adadelta extends Optimizer {
  private final double rho;
  private final double epsilon;

  /** With Keras' defaults. */
  public Adadelta() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Adadelta(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Adadelta(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Adadelta(Options options) {
    super(options, List.of(List.of("accumulated_grad", "accumulated_delta_var")));
    this.rho = options.rho;
    this.epsilon = options.epsilon;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double rho = 0.95;
    double epsilon = 1e-7;

    private Options() {
      super("adadelta", 0.001);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** How slowly the mean squares forget. */
    public Options rho(double rho) {
      this.rho = rho;
      return this;
    }

    /** Keeps divisions away from zero. */
    public Options epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }
  }

  static Adadelta read(Config config) {
    Options o = new Options().read(config);
    o.rho = config.number("rho", o.rho);
    o.epsilon = config.number("epsilon", o.epsilon);
    return new Adadelta(o);
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] squares = slots[0];
    double[] changes = slots[1];
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      squares[i] = rho * squares[i] + (1 - rho) * g * g;
      double change = -Math.sqrt(changes[i] + epsilon) / Math.sqrt(squares[i] + epsilon) * g;
      changes[i] = rho * changes[i] + (1 - rho) * change * change;
      weight[i] += rate * change;
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("rho", rho);
    config.put("epsilon", epsilon);
    return config;
  }
}
