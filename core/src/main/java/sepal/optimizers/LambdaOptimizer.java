package sepal.optimizers;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer whose step is a lambda.
 *
 * <pre>{@code
 * UpdateRule signs =
 *     (weight, gradient, rate) -> {
 *       for (int i = 0; i < weight.length; i++) {
 *         weight[i] -= rate * Math.signum(gradient[i]);
 *       }
 *     };
 * model.compile(new LambdaOptimizer(signs, o -> o.learningRate(0.1)), "mse");
 * }</pre>
 *
 * <p>To be saved, the lambda must be registered with {@link Optimizers#registerFunction}; it can
 * then be asked for by its name too.
 */
public final class LambdaOptimizer extends Optimizer {
  private final UpdateRule rule;

  /** With a learning rate of 0.01. */
  public LambdaOptimizer(UpdateRule rule) {
    this(rule, options -> {});
  }

  /** With the arguments that the lambda sets; the learning rate is 0.01 unless given. */
  public LambdaOptimizer(UpdateRule rule, Consumer<Options> options) {
    this(rule, with(options));
  }

  LambdaOptimizer(UpdateRule rule, Options options) {
    super(options, List.of());
    this.rule = rule;
  }

  /** The arguments that all optimizers share. */
  public static final class Options extends OptimizerOptions<Options> {
    Options() {
      super("lambda_optimizer", 0.01);
    }
  }

  private static Options with(Consumer<Options> set) {
    Options options = new Options();
    set.accept(options);
    return options;
  }

  /** The name that the lambda is registered under. */
  @Override
  public String className() {
    String registered = Optimizers.RULES.functionName(rule);
    return registered == null ? "LambdaOptimizer" : registered;
  }

  @Override
  public @Nullable String module() {
    return null;
  }

  /**
   * @throws IllegalStateException if the lambda is not registered
   */
  @Override
  public @Nullable Object serialize() {
    if (Optimizers.RULES.functionName(rule) == null) {
      throw Optimizers.RULES.nameless();
    }
    return super.serialize();
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    rule.update(weight, gradient, rate);
  }
}
