package sepal.regularizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * The sum of the squares, times {@code l2}.
 *
 * @param l2 the coefficient, 0.01 unless given; not negative
 */
public record L2(double l2) implements BuiltIn {
  public L2 {
    checkCoefficient("l2", l2);
  }

  /** With Keras' defaults. */
  public L2() {
    this(0.01);
  }

  @Override
  public Tensor apply(Tensor x) {
    return Penalty.of(l2 * Penalty.sumOfSquares(x), x, w -> 2 * l2 * w);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("l2", l2);
  }
}
