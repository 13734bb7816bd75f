package sepal.activations;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/** The functions of one element that have no arguments, under Keras' names. */
enum PlainActivation implements Elementwise {
  EXPONENTIAL(Math::exp),
  HARD_SILU(x -> x * HardSigmoid.KERAS_3.valueAt(x)),
  HARD_TANH(x -> Math.min(Math.max(x, -1), 1)),
  LINEAR(x -> x),
  LOG_SIGMOID(x -> -Smooth.softplus(-x)),
  MISH(x -> x * Math.tanh(Smooth.softplus(x))),
  SELU(x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  SIGMOID(Smooth::sigmoid),
  SILU(x -> x * Smooth.sigmoid(x)),
  SOFTPLUS(Smooth::softplus),
  SOFTSIGN(x -> x / (1 + Math.abs(x))),
  SPARSE_PLUS(x -> x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4),
  SPARSE_SIGMOID(x -> Math.min(Math.max((x + 1) / 2, 0), 1)),
  TANH(Math::tanh),
  TANH_SHRINK(x -> x - Math.tanh(x));

  private final DoubleUnaryOperator function;

  PlainActivation(DoubleUnaryOperator function) {
    this.function = function;
  }

  @Override
  public double valueAt(double x) {
    return function.applyAsDouble(x);
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
