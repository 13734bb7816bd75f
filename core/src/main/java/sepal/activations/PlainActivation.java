package sepal.activations;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/**
 * The functions of one element that have no arguments, under Keras' names. Switches instead of a
 * function for each, which a process that starts would have to link.
 */
enum PlainActivation implements Elementwise {
  EXPONENTIAL,
  HARD_SILU,
  HARD_TANH,
  LINEAR,
  LOG_SIGMOID,
  MISH,
  SELU,
  SIGMOID,
  SILU,
  SOFTPLUS,
  SOFTSIGN,
  SPARSE_PLUS,
  SPARSE_SIGMOID,
  TANH,
  TANH_SHRINK;

  @Override
  public double valueAt(double x) {
    return switch (this) {
      case EXPONENTIAL -> Math.exp(x);
      case HARD_SILU -> x * HardSigmoid.KERAS_3.valueAt(x);
      case HARD_TANH -> Math.min(Math.max(x, -1), 1);
      case LINEAR -> x;
      case LOG_SIGMOID -> -Smooth.softplus(-x);
      case MISH -> x * Math.tanh(Smooth.softplus(x));
      case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
      case SIGMOID -> Smooth.sigmoid(x);
      case SILU -> x * Smooth.sigmoid(x);
      case SOFTPLUS -> Smooth.softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SPARSE_PLUS -> x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4;
      case SPARSE_SIGMOID -> Math.min(Math.max((x + 1) / 2, 0), 1);
      case TANH -> Math.tanh(x);
      case TANH_SHRINK -> x - Math.tanh(x);
    };
  }

  @Override
  public double slopeAt(double x) {
    return switch (this) {
      case EXPONENTIAL -> Math.exp(x);
      case HARD_SILU -> x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1;
      case HARD_TANH -> Math.abs(x) < 1 ? 1 : 0;
      case LINEAR -> 1;
      case LOG_SIGMOID -> Smooth.sigmoid(-x);
      case MISH -> {
        double softplus = Smooth.softplus(x);
        yield Math.tanh(softplus) + x * Smooth.tanhSlope(softplus) * Smooth.sigmoid(x);
      }
      case SELU -> 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x));
      case SIGMOID -> Smooth.sigmoidSlope(x);
      case SILU -> Smooth.sigmoid(x) + x * Smooth.sigmoidSlope(x);
      case SOFTPLUS -> Smooth.sigmoid(x);
      case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case SPARSE_PLUS -> x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2;
      case SPARSE_SIGMOID -> Math.abs(x) < 1 ? 0.5 : 0;
      case TANH -> Smooth.tanhSlope(x);
      case TANH_SHRINK -> Math.tanh(x) * Math.tanh(x);
    };
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
