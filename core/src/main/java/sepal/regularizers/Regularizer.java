package sepal.regularizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.tensor.Tensor;

/**
 * A penalty on a weight or an output, added to the loss. A lambda will do; to be saved it must be
 * registered with {@link Regularizers#registerFunction}.
 */
@FunctionalInterface
public interface Regularizer extends Configurable {

  /**
   * The penalty of {@code x}: a scalar of its dtype, recorded on the tape. The operations that a
   * lambda is made of do so themselves.
   */
  Tensor apply(Tensor x);

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }

  /**
   * @throws IllegalStateException for a lambda that is not registered
   */
  @Override
  default @Nullable Object serialize() {
    Object function = Regularizers.REGISTRY.serializeFunction(this);
    return function != null ? function : Configurable.super.serialize();
  }
}
