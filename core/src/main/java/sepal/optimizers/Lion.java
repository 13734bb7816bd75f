package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Steps of one size along the sign of a running mean of the gradient.
 *
 * @see "Keras 3.16, keras.optimizers.Lion"
 */
public final class Lion extends Optimizer {
  private final double beta1;
  private final double beta2;

  /** With Keras' defaults. */
  public Lion() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Lion(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Lion(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Lion(Options options) {
    super(options, List.of(List.of("momentum")));
    this.beta1 = options.beta1;
    this.beta2 = options.beta2;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double beta1 = 0.9;
    double beta2 = 0.99;

    private Options() {
      super("lion", 0.001);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** How slowly the mean of the gradients forgets. */
    public Options beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    /** How slowly the remembered mean forgets. */
    public Options beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }
  }

  static Lion read(Config config) {
    Options o = new Options().read(config);
    o.beta1 = config.number("beta_1", o.beta1);
    o.beta2 = config.number("beta_2", o.beta2);
    return new Lion(o);
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] mean = slots[0];
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      weight[i] -= rate * Math.signum(beta1 * mean[i] + (1 - beta1) * g);
      mean[i] = beta2 * mean[i] + (1 - beta2) * g;
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("beta_1", beta1);
    config.put("beta_2", beta2);
    return config;
  }
}
