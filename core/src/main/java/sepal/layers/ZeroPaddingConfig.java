package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.tensor.DTypePolicy;

/** The arguments of padding layers: Keras' {@code get_config}. */
public record ZeroPaddingConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    Margins padding,
    DataFormat dataFormat)
    implements LayerConfig {
  ZeroPaddingConfig(Arguments.Values v) {
    this(v.next(), v.flag(), v.next(), v.next(), v.next());
  }
}
