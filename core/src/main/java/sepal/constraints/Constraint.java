package sepal.constraints;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.tensor.Tensor;

/**
 * A rule that a weight obeys after every update. A lambda will do; to be saved it must be
 * registered with {@link Constraints#registerFunction}.
 */
@FunctionalInterface
public interface Constraint extends Configurable {

  /** The permitted weight nearest to {@code weight} by the rule. */
  Tensor apply(Tensor weight);

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }

  /**
   * @throws IllegalStateException for a lambda that is not registered
   */
  @Override
  default @Nullable Object serialize() {
    Object function = Constraints.REGISTRY.serializeFunction(this);
    return function != null ? function : Configurable.super.serialize();
  }
}
