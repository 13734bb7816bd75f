package sepal.initializers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Gives a weight its first values. A lambda will do; to be saved it must be registered with {@link
 * Initializers#registerFunction}.
 */
@FunctionalInterface
public interface Initializer extends Configurable {

  /**
   * @param shape the shape of the weight, fully known
   * @param dtype float32 or float64
   */
  Tensor apply(Shape shape, DType dtype);

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }

  /**
   * @throws IllegalStateException for a lambda that is not registered
   */
  @Override
  default @Nullable Object serialize() {
    Object function = Initializers.REGISTRY.serializeFunction(this);
    return function != null ? function : Configurable.super.serialize();
  }
}
