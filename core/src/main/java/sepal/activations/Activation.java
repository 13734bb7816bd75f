package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/** A function of a layer's output, mostly element by element. A lambda will do. */
@FunctionalInterface
public interface Activation extends Configurable {

  /** A tensor of the same shape and dtype. */
  Tensor apply(Tensor x);

  /** The same function as a kernel applies it while it stores, or null if kernels do not know it. */
  default @Nullable Clamp clamp() {
    return null;
  }

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }
}
