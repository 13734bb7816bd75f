package sepal.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Gradients from the tape, and from finite differences to hold them against. */
public final class Gradients {
  /** The cube root of a double's precision: the step with the least error. */
  private static final double STEP = 6e-6;

  private Gradients() {}

  /** The gradient of {@code sum(function(x))} by {@code x}, from the tape. */
  public static Tensor of(UnaryOperator<Tensor> function, Tensor x) {
    return of(function, x, null);
  }

  /** The gradient of {@code sum(function(x) * upstream)} by {@code x}, from the tape. */
  public static Tensor of(UnaryOperator<Tensor> function, Tensor x, @Nullable Tensor upstream) {
    try (Tape tape = new Tape()) {
      tape.watch(x);
      Tensor y = function.apply(x);
      Tensor g = upstream == null ? Tensor.full(y.dtype(), y.shape(), 1) : upstream;
      Tensor gradient = tape.gradient(y, g, List.of(x)).get(0);
      assertThat(gradient).as("gradient").isNotNull();
      assertThat(gradient.dtype()).isEqualTo(x.dtype());
      assertThat(gradient.shape()).isEqualTo(x.shape());
      return gradient;
    }
  }

  /**
   * Checks the tape's gradient by a float64 tensor against central differences, under a random
   * upstream gradient.
   *
   * <p>A central difference errs by the step squared times the third derivative, and by the
   * rounding of the values over the step: together some 1e-10 of the numbers on the way.
   *
   * @param scale the size of the numbers on the way, 1 or more
   */
  public static void check(UnaryOperator<Tensor> function, Tensor x, long seed, double scale) {
    assertThat(x.dtype()).isEqualTo(DType.FLOAT64);
    Shape output = function.apply(x).shape();
    Tensor upstream = random(output, seed + 1, -1, 1);
    Tensor gradient = of(function, x, upstream);
    for (int i = 0; i < x.size(); i++) {
      double slope =
          (at(function, x, i, STEP, upstream) - at(function, x, i, -STEP, upstream)) / (2 * STEP);
      assertThat(gradient.get(i))
          .as("gradient by element %d of %s, seed %d", i, x.shape(), seed)
          .isCloseTo(slope, within(1e-7 * scale));
    }
  }

  private static double at(
      UnaryOperator<Tensor> function, Tensor x, int index, double step, Tensor upstream) {
    double[] moved = x.toDoubleArray();
    moved[index] += step;
    Tensor y = function.apply(Tensor.wrap(moved, x.shape()));
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * upstream.get(i);
    }
    return sum;
  }

  /** A float64 tensor of seeded random numbers. */
  public static Tensor random(Shape shape, long seed, double low, double high) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = random.doubles(shape.size(), low, high).toArray();
    return Tensor.wrap(values, shape);
  }
}
