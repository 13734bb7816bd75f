package sepal.activations;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/** The functions of one element that have no arguments, under Keras' names. */
enum PlainActivation implements Elementwise {
  EXPONENTIAL(Math::exp, Math::exp),
  HARD_SILU(x -> x * HardSigmoid.KERAS_3.valueAt(x), x -> x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  HARD_TANH(x -> Math.min(Math.max(x, -1), 1), x -> Math.abs(x) < 1 ? 1 : 0),
  LINEAR(x -> x, x -> 1),
  LOG_SIGMOID(x -> -Smooth.softplus(-x), x -> Smooth.sigmoid(-x)),
  MISH(
      x -> x * Math.tanh(Smooth.softplus(x)),
      x -> {
        double softplus = Smooth.softplus(x);
        return Math.tanh(softplus) + x * Smooth.tanhSlope(softplus) * Smooth.sigmoid(x);
      }),
  SELU(
      x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
      x -> 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x))),
  SIGMOID(Smooth::sigmoid, Smooth::sigmoidSlope),
  SILU(x -> x * Smooth.sigmoid(x), x -> Smooth.sigmoid(x) + x * Smooth.sigmoidSlope(x)),
  SOFTPLUS(Smooth::softplus, Smooth::sigmoid),
  SOFTSIGN(x -> x / (1 + Math.abs(x)), x -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)))),
  SPARSE_PLUS(
      x -> x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4,
      x -> x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),
  SPARSE_SIGMOID(x -> Math.min(Math.max((x + 1) / 2, 0), 1), x -> Math.abs(x) < 1 ? 0.5 : 0),
  TANH(Math::tanh, Smooth::tanhSlope),
  TANH_SHRINK(x -> x - Math.tanh(x), x -> Math.tanh(x) * Math.tanh(x));

  private final DoubleUnaryOperator function;
  private final DoubleUnaryOperator derivative;

  PlainActivation(DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    this.function = function;
    this.derivative = derivative;
  }

  @Override
  public double valueAt(double x) {
    return function.applyAsDouble(x);
  }

  @Override
  public double slopeAt(double x) {
    return derivative.applyAsDouble(x);
  }

  @Override
  public Tensor apply(Tensor x) {
    return this == LINEAR ? x : Elementwise.super.apply(x);
  }

  @Override
  public @Nullable Clamp clamp() {
    return this == LINEAR ? Clamp.NONE : null;
  }

  @Override
  public String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    return functionName();
  }

  @Override
  public String toString() {
    return functionName();
  }
}
