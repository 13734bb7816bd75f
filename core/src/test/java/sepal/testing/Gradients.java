package sepal.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
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
    Tensor y = function.apply(x);
    Tensor g = upstream == null ? Tensor.full(y.dtype(), y.shape(), 1) : upstream;
    return of(inputs -> function.apply(inputs.get(0)), List.of(x), g).get(0);
  }

  /**
   * Checks the tape's gradient by a float64 tensor against central differences, under a random
   * upstream gradient.
   *
   * @param scale the size of the numbers on the way, 1 or more
   */
  public static void check(UnaryOperator<Tensor> function, Tensor x, long seed, double scale) {
    check(inputs -> function.apply(inputs.get(0)), List.of(x), seed, scale);
  }

  /**
   * Checks the tape's gradients by float64 tensors against central differences, under a random
   * upstream gradient, each input watched alone and all together.
   *
   * <p>A central difference errs by the step squared times the third derivative, and by the
   * rounding of the values over the step: together some 1e-10 of the numbers on the way.
   *
   * @param scale the size of the numbers on the way, 1 or more
   */
  public static void check(
      Function<List<Tensor>, Tensor> function, List<Tensor> inputs, long seed, double scale) {
    Tensor upstream = random(function.apply(inputs).shape(), seed + 1, -1, 1);
    List<Tensor> together = of(function, inputs, upstream);
    for (int k = 0; k < inputs.size(); k++) {
      Tensor x = inputs.get(k);
      assertThat(x.dtype()).isEqualTo(DType.FLOAT64);
      Tensor gradient = of(moved -> function.apply(with(inputs, x, moved)), x, upstream);
      assertThat(together.get(k).doubles())
          .as("gradient by input %d of %d when all are wanted, seed %d", k, inputs.size(), seed)
          .isEqualTo(gradient.doubles());
      for (int i = 0; i < x.size(); i++) {
        double slope =
            (at(function, inputs, x, i, STEP, upstream)
                    - at(function, inputs, x, i, -STEP, upstream))
                / (2 * STEP);
        assertThat(gradient.get(i))
            .as("gradient by element %d of input %d, %s, seed %d", i, k, x.shape(), seed)
            .isCloseTo(slope, within(1e-7 * scale));
      }
    }
  }

  /** The gradients of {@code sum(function(inputs) * upstream)} by each input, from one tape. */
  public static List<Tensor> of(
      Function<List<Tensor>, Tensor> function, List<Tensor> inputs, Tensor upstream) {
    try (Tape tape = new Tape()) {
      inputs.forEach(tape::watch);
      List<Tensor> gradients = tape.gradient(function.apply(inputs), upstream, inputs);
      for (int k = 0; k < inputs.size(); k++) {
        assertThat(gradients.get(k)).as("gradient by input %d", k).isNotNull();
        assertThat(gradients.get(k).dtype()).isEqualTo(inputs.get(k).dtype());
        assertThat(gradients.get(k).shape()).isEqualTo(inputs.get(k).shape());
      }
      return gradients;
    }
  }

  private static List<Tensor> with(List<Tensor> inputs, Tensor old, Tensor replacement) {
    return inputs.stream().map(input -> input == old ? replacement : input).toList();
  }

  private static double at(
      Function<List<Tensor>, Tensor> function,
      List<Tensor> inputs,
      Tensor x,
      int index,
      double step,
      Tensor upstream) {
    double[] moved = x.toDoubleArray();
    moved[index] += step;
    Tensor y = function.apply(with(inputs, x, Tensor.wrap(moved, x.shape())));
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
