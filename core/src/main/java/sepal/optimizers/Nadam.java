package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.layers.Weight;
import sepal.tensor.Tensor;

/**
 * {@link Adam} with Nesterov momentum.
 *
 * @see "Keras 3.16, keras.optimizers.Nadam"
 */
public final class Nadam extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /** The product of the momenta of all steps so far. */
  private double product = 1;

  /** With Keras' defaults. */
  public Nadam() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Nadam(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Nadam(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Nadam(Options options) {
    super(options, List.of(List.of("momentum", "velocity")));
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
      super("nadam", 0.001);
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

  static Nadam read(Config config) {
    Options o = new Options().read(config);
    o.beta1 = config.number("beta_1", o.beta1);
    o.beta2 = config.number("beta_2", o.beta2);
    o.epsilon = config.number("epsilon", o.epsilon);
    return new Nadam(o);
  }

  private double momentum(long step) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, step));
  }

  @Override
  protected void startStep(long step) {
    product = (float) (product * momentum(step));
  }

  @Override
  public List<Tensor> variables() {
    List<Tensor> all = super.variables();
    all.add(scalar(product));
    return all;
  }

  @Override
  public List<String> variableNames(Function<Weight, String> path) {
    List<String> names = super.variableNames(path);
    names.add("u_product");
    return names;
  }

  @Override
  public void setVariables(List<Tensor> values, List<Weight> trainable) {
    if (values.isEmpty()) {
      super.setVariables(values, trainable);
      return;
    }
    super.setVariables(values.subList(0, values.size() - 1), trainable);
    product = values.get(values.size() - 1).get(0);
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double now = momentum(step);
    double next = momentum(step + 1);
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      slots[0][i] += (g - slots[0][i]) * (1 - beta1);
      slots[1][i] += (g * g - slots[1][i]) * (1 - beta2);
      double mean = next * slots[0][i] / (1 - product * next) + (1 - now) * g / (1 - product);
      double square = slots[1][i] / (1 - Math.pow(beta2, step));
      weight[i] -= rate * mean / (Math.sqrt(square) + epsilon);
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
