package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Steps scaled by the root of all squared gradients so far.
 *
 * @see "Keras 3.16, keras.optimizers.Adagrad"
 */
public final class Adagrad extends Optimizer {
  private final double initialAccumulatorValue;
  private final double epsilon;

  /** With Keras' defaults. */
  public Adagrad() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Adagrad(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Adagrad(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Adagrad(Options options) {
    super(options, List.of(List.of("accumulator")));
    this.initialAccumulatorValue = options.initialAccumulatorValue;
    this.epsilon = options.epsilon;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double initialAccumulatorValue = 0.1;
    double epsilon = 1e-7;

    private Options() {
      super("adagrad", 0.001);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** Where the accumulators start. */
    public Options initialAccumulatorValue(double initialAccumulatorValue) {
      this.initialAccumulatorValue = initialAccumulatorValue;
      return this;
    }

    /** Keeps divisions away from zero. */
    public Options epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }
  }

  static Adagrad read(Config config) {
    Options o = new Options().read(config);
    o.initialAccumulatorValue =
        config.number("initial_accumulator_value", o.initialAccumulatorValue);
    o.epsilon = config.number("epsilon", o.epsilon);
    return new Adagrad(o);
  }

  @Override
  protected double initialSlotValue(String slot) {
    return slot.equals("accumulator") ? initialAccumulatorValue : 0;
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] sum = slots[0];
    for (int i = 0; i < weight.length; i++) {
      sum[i] += gradient[i] * gradient[i];
      weight[i] -= rate * gradient[i] / Math.sqrt(sum[i] + epsilon);
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("initial_accumulator_value", initialAccumulatorValue);
    config.put("epsilon", epsilon);
    return config;
  }
}
