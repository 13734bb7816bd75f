package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/**
 * A function of a layer's output, mostly element by element. A lambda will do; to be saved it must
 * be registered with {@link Activations#registerFunction}.
 */
@FunctionalInterface
public interface Activation extends Configurable {

  /** A tensor of the same dtype and, but for {@code glu}, the same shape. */
  Tensor apply(Tensor x);

  /**
   * Replaces float32 elements by what {@link #apply} gives for them, where the function looks at
   * each element alone.
   *
   * @return false if it does not, and nothing has been done
   */
  default boolean applyInPlace(float[] elements, int from, int to) {
    return false;
  }

  /**
   * The same function as a kernel applies it while it stores, or null if kernels do not know it.
   */
  default @Nullable Clamp clamp() {
    return null;
  }

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }

  /**
   * The name of one of Keras' functions, or the form of an object.
   *
   * @throws IllegalStateException for a lambda that is not registered
   */
  @Override
  default @Nullable Object serialize() {
    Object function = Activations.REGISTRY.serializeFunction(this);
    return function != null ? function : Configurable.super.serialize();
  }
}
