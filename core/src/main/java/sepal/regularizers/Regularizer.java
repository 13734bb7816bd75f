package sepal.regularizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.tensor.Tensor;

/** A penalty on a weight or an output, added to the loss. A lambda will do. */
@FunctionalInterface
public interface Regularizer extends Configurable {

  /** The penalty of {@code x}. */
  double apply(Tensor x);

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }
}
