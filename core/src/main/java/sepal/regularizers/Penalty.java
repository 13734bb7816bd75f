package sepal.regularizers;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Sums over a tensor, in double, and the scalars made of them. */
final class Penalty {
  private Penalty() {}

  static double sumOfMagnitudes(Tensor x) {
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += Math.abs(x.get(i));
    }
    return sum;
  }

  static double sumOfSquares(Tensor x) {
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      double value = x.get(i);
      sum += value * value;
    }
    return sum;
  }

  /**
   * A scalar on the tape.
   *
   * @param slope the derivative by an element of {@code x}
   */
  static Tensor of(double penalty, Tensor x, DoubleUnaryOperator slope) {
    return of(penalty, x, () -> Arrays.stream(x.toDoubleArray()).map(slope).toArray());
  }

  /**
   * A scalar on the tape.
   *
   * @param slopes the derivatives by all elements of {@code x}
   */
  static Tensor of(double penalty, Tensor x, Supplier<double[]> slopes) {
    return Tape.record(
        Tensor.full(x.dtype(), Shape.of(), penalty),
        (upstream, needed) -> {
          double[] gradient = slopes.get();
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= upstream.get(0);
          }
          return new @Nullable Tensor[] {Tensor.wrap(gradient, x.shape()).cast(x.dtype())};
        },
        x);
  }
}
