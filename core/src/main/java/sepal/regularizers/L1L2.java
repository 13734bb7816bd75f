package sepal.regularizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * The sum of the absolute values times {@code l1}, plus the sum of the squares times {@code l2}.
 *
 * @param l1 0 unless given; not negative
 * @param l2 0 unless given; not negative
 */
public record L1L2(double l1, double l2) implements BuiltIn {
  public L1L2 {
    checkCoefficient("l1", l1);
    checkCoefficient("l2", l2);
  }

  /** With Keras' defaults. */
  public L1L2() {
    this(0, 0);
  }

  @Override
  public Tensor apply(Tensor x) {
    double penalty =
        (l1 == 0 ? 0 : l1 * Penalty.sumOfMagnitudes(x))
            + (l2 == 0 ? 0 : l2 * Penalty.sumOfSquares(x));
    return Penalty.of(penalty, x, w -> l1 * Math.signum(w) + 2 * l2 * w);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("l1", l1);
    config.put("l2", l2);
    return config;
  }
}
