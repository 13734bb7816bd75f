package sepal.ops;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Functions of one number, applied element by element, each with its derivative. */
enum UnaryOp {
  ABS(Math::abs, Math::signum),
  EXP(Math::exp, Math::exp),
  LOG(Math::log, x -> 1 / x),
  SQRT(Math::sqrt, x -> 0.5 / Math.sqrt(x)),
  SQUARE(x -> x * x, x -> 2 * x);

  private final DoubleUnaryOperator function;
  private final DoubleUnaryOperator derivative;

  UnaryOp(DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    this.function = function;
    this.derivative = derivative;
  }

  Tensor forward(Tensor x) {
    if (!x.dtype().isFloating()) {
      throw Problem.in(toString(), "the input is not floating")
          .got(x.dtype() + " " + x.shape())
          .expected("float32 or float64")
          .fix("call cast(DType.FLOAT32) first")
          .asInvalidArgument();
    }
    return Tape.record(
        map(x, (value, i) -> function.applyAsDouble(value)),
        (g, needed) ->
            new @Nullable Tensor[] {
              map(x, (value, i) -> g.get(i) * derivative.applyAsDouble(value))
            },
        x);
  }

  @FunctionalInterface
  private interface Element {
    double of(double value, int index);
  }

  private static Tensor map(Tensor x, Element element) {
    if (x.dtype() == DType.FLOAT32) {
      float[] y = x.floats().clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) element.of(y[i], i);
      }
      return Tensor.wrap(y, x.shape());
    }
    double[] y = x.doubles().clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = element.of(y[i], i);
    }
    return Tensor.wrap(y, x.shape());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
