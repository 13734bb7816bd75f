package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * {@link Adam} with the greatest magnitude in place of the second moment.
 *
 * @see "Keras 3.16, keras.optimizers.Adamax"
 */
public final class Adamax extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /** With Keras' defaults. */
  public Adamax() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Adamax(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Adamax(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Adamax(Options options) {
    super(options, List.of(List.of("momentum", "norm")));
    this.beta1 = options.beta1;
    this.beta2 = options.beta2;
    this.epsilon = options.epsilon;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;

    private Options() {
      super("adamax", 0.001);
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

    /** How slowly the second moment forgets. */
    public Options beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    /** Keeps divisions away from zero. */
    public Options epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }
  }

  static Adamax read(Config config) {
    Options o = new Options().read(config);
    o.beta1 = config.number("beta_1", o.beta1);
    o.beta2 = config.number("beta_2", o.beta2);
    o.epsilon = config.number("epsilon", o.epsilon);
    return new Adamax(o);
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] mean = slots[0];
    double[] norm = slots[1];
    double alpha = rate / (1 - Math.pow(beta1, step));
    for (int i = 0; i < weight.length; i++) {
      mean[i] += (gradient[i] - mean[i]) * (1 - beta1);
      norm[i] = Math.max(beta2 * norm[i], Math.abs(gradient[i]));
      weight[i] -= alpha * mean[i] / (norm[i] + epsilon);
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("beta_1", beta1);
    config.put("beta_2", beta2);
    config.put("epsilon", epsilon);
    return config;
  }
}
