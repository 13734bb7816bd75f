package sepal.metrics;

import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.losses.Samples;
import sepal.tensor.Tensor;

/**
 * The mean over all samples of a function of labels and predictions.
 *
 * @see "Keras 3.16, keras.metrics.MeanMetricWrapper"
 */
public final class MeanMetricWrapper extends BuiltIn {
  private final BinaryOperator<Tensor> function;
  private final DoubleUnaryOperator last;
  private final Mean mean = new Mean();

  /**
   * @param function of labels and predictions, of one dtype and rank; gives one value, or several,
   *     for each sample
   */
  public MeanMetricWrapper(String name, BinaryOperator<Tensor> function) {
    this(
        new Arguments("MeanMetricWrapper", new Config(name, Map.of("name", name))),
        Direction.UNKNOWN,
        function,
        mean -> mean);
  }

  MeanMetricWrapper(Arguments arguments, Direction direction, BinaryOperator<Tensor> function) {
    this(arguments, direction, function, mean -> mean);
  }

  /**
   * @param last what is done to the mean in the end
   */
  MeanMetricWrapper(
      Arguments arguments,
      Direction direction,
      BinaryOperator<Tensor> function,
      DoubleUnaryOperator last) {
    super(arguments, direction);
    this.function = function;
    this.last = last;
  }

  /**
   * @throws IllegalStateException if the function is not registered with {@link
   *     Metrics#registerFunction}
   */
  @Override
  public @Nullable Object serialize() {
    if (className().equals("MeanMetricWrapper")) {
      throw Problem.in("Metrics", "a metric without a name cannot be saved")
          .got(toString())
          .expected("a class, or a function registered under a name")
          .fix("Metrics.registerFunction(\"" + name() + "\", ...) before saving and loading")
          .asIllegalState();
    }
    return super.serialize();
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Samples samples = Samples.align(yTrue, yPred);
    mean.update(function.apply(samples.yTrue(), samples.yPred()), sampleWeight);
  }

  @Override
  public Tensor values() {
    return scalar(last.applyAsDouble(mean.result()));
  }

  @Override
  public void reset() {
    mean.reset();
  }
}
