package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Steps scaled by running estimates of the gradient's mean and second moment.
 *
 * @see "Keras 3.16, keras.optimizers.Adam"
 */
public class Adam extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean amsgrad;

  /** With Keras' defaults. */
  public Adam() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Adam(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Adam(Consumer<Options> options) {
    this(new Options("adam").with(options));
  }

  Adam(Options options) {
    super(
        options,
        options.amsgrad
            ? List.of(List.of("momentum", "velocity"), List.of("velocity_hat"))
            : List.of(List.of("momentum", "velocity")));
    this.beta1 = options.beta1;
    this.beta2 = options.beta2;
    this.epsilon = options.epsilon;
    this.amsgrad = options.amsgrad;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
    boolean amsgrad = false;

    Options(String name) {
      super(name, 0.001);
    }

    Options with(Consumer<Options> set) {
      set.accept(this);
      return this;
    }

    @Override
    public Options read(Config config) {
      super.read(config);
      beta1 = config.number("beta_1", beta1);
      beta2 = config.number("beta_2", beta2);
      epsilon = config.number("epsilon", epsilon);
      amsgrad = config.flag("amsgrad", amsgrad);
      return this;
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

    /** Whether the second moment never shrinks. */
    public Options amsgrad(boolean amsgrad) {
      this.amsgrad = amsgrad;
      return this;
    }
  }

  static Adam read(Config config) {
    return new Adam(new Options("adam").read(config));
  }

  @Override
  protected final void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] mean = slots[0];
    double[] square = slots[1];
    double alpha = rate * Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step));
    for (int i = 0; i < weight.length; i++) {
      mean[i] += (gradient[i] - mean[i]) * (1 - beta1);
      square[i] += (gradient[i] * gradient[i] - square[i]) * (1 - beta2);
      double scale = square[i];
      if (amsgrad) {
        slots[2][i] = Math.max(slots[2][i], scale);
        scale = slots[2][i];
      }
      weight[i] -= alpha * mean[i] / (Math.sqrt(scale) + epsilon);
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("beta_1", beta1);
    config.put("beta_2", beta2);
    config.put("epsilon", epsilon);
    config.put("amsgrad", amsgrad);
    return config;
  }
}
