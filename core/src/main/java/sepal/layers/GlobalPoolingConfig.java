package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.tensor.DTypePolicy;

/** The arguments of all layers that pool over everything: Keras' {@code get_config}. */
public record GlobalPoolingConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    DataFormat dataFormat,
    boolean keepdims)
    implements LayerConfig {
  GlobalPoolingConfig(Arguments.Values v) {
    this(v.next(), v.flag(), v.next(), v.next(), v.flag());
  }
}
