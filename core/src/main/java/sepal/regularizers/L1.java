package sepal.regularizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * The sum of the absolute values, times {@code l1}.
 *
 * @param l1 the coefficient, 0.01 unless given; not negative
 */
public record L1(double l1) implements BuiltIn {
  public L1 {
    checkCoefficient("l1", l1);
  }

  /** With Keras' defaults. */
  public L1() {
    this(0.01);
  }

  @Override
  public Tensor apply(Tensor x) {
    return Penalty.of(l1 * Penalty.sumOfMagnitudes(x), x, w -> l1 * Math.signum(w));
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("l1", l1);
  }
}
