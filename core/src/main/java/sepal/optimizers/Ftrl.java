package sepal.optimizers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Follow the regularized leader: L1 and L2 penalties that make weights exactly zero.
 *
 * @see "Keras 3.16, keras.optimizers.Ftrl"
 */
public final class Ftrl extends Optimizer {
  private final double learningRatePower;
  private final double initialAccumulatorValue;
  private final double l1RegularizationStrength;
  private final double l2RegularizationStrength;
  private final double l2ShrinkageRegularizationStrength;
  private final double beta;

  /** With Keras' defaults. */
  public Ftrl() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public Ftrl(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public Ftrl(Consumer<Options> options) {
    this(Options.of(options));
  }

  private Ftrl(Options options) {
    super(options, List.of(List.of("accumulator", "linear")));
    this.learningRatePower = options.learningRatePower;
    this.initialAccumulatorValue = options.initialAccumulatorValue;
    this.l1RegularizationStrength = options.l1RegularizationStrength;
    this.l2RegularizationStrength = options.l2RegularizationStrength;
    this.l2ShrinkageRegularizationStrength = options.l2ShrinkageRegularizationStrength;
    this.beta = options.beta;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double learningRatePower = -0.5;
    double initialAccumulatorValue = 0.1;
    double l1RegularizationStrength = 0;
    double l2RegularizationStrength = 0;
    double l2ShrinkageRegularizationStrength = 0;
    double beta = 0;

    private Options() {
      super("ftrl", 0.001);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** How the rate falls, 0 or less. */
    public Options learningRatePower(double learningRatePower) {
      this.learningRatePower = learningRatePower;
      return this;
    }

    /** Where the accumulators start. */
    public Options initialAccumulatorValue(double initialAccumulatorValue) {
      this.initialAccumulatorValue = initialAccumulatorValue;
      return this;
    }

    /** The L1 penalty. */
    public Options l1RegularizationStrength(double l1RegularizationStrength) {
      this.l1RegularizationStrength = l1RegularizationStrength;
      return this;
    }

    /** The L2 penalty. */
    public Options l2RegularizationStrength(double l2RegularizationStrength) {
      this.l2RegularizationStrength = l2RegularizationStrength;
      return this;
    }

    /** An L2 penalty on the gradient. */
    public Options l2ShrinkageRegularizationStrength(double l2ShrinkageRegularizationStrength) {
      this.l2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength;
      return this;
    }

    /** The beta of the paper. */
    public Options beta(double beta) {
      this.beta = beta;
      return this;
    }
  }

  static Ftrl read(Config config) {
    Options o = new Options().read(config);
    o.learningRatePower = config.number("learning_rate_power", o.learningRatePower);
    o.initialAccumulatorValue =
        config.number("initial_accumulator_value", o.initialAccumulatorValue);
    o.l1RegularizationStrength =
        config.number("l1_regularization_strength", o.l1RegularizationStrength);
    o.l2RegularizationStrength =
        config.number("l2_regularization_strength", o.l2RegularizationStrength);
    o.l2ShrinkageRegularizationStrength =
        config.number("l2_shrinkage_regularization_strength", o.l2ShrinkageRegularizationStrength);
    o.beta = config.number("beta", o.beta);
    return new Ftrl(o);
  }

  @Override
  protected double initialSlotValue(String slot) {
    return slot.equals("accumulator") ? initialAccumulatorValue : 0;
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] sum = slots[0];
    double[] linear = slots[1];
    double l2 = l2RegularizationStrength + beta / (2 * rate);
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      double shrunk = g + 2 * l2ShrinkageRegularizationStrength * weight[i];
      double grown = sum[i] + g * g;
      double power = Math.pow(grown, -learningRatePower);
      linear[i] += shrunk - (power - Math.pow(sum[i], -learningRatePower)) / rate * weight[i];
      double l1 = l1RegularizationStrength;
      double clipped = Math.max(-l1, Math.min(l1, linear[i]));
      weight[i] = (clipped - linear[i]) / (power / rate + 2 * l2);
      sum[i] = grown;
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("learning_rate_power", learningRatePower);
    config.put("initial_accumulator_value", initialAccumulatorValue);
    config.put("l1_regularization_strength", l1RegularizationStrength);
    config.put("l2_regularization_strength", l2RegularizationStrength);
    config.put("l2_shrinkage_regularization_strength", l2ShrinkageRegularizationStrength);
    config.put("beta", beta);
    return config;
  }
}
