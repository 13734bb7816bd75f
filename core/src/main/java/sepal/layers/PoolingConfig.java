package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;
import sepal.tensor.DTypePolicy;

/**
 * The arguments of all layers that pool under a window: Keras' {@code get_config}.
 *
 * @param strides the size of the window where it is given as null
 */
public record PoolingConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    Dims poolSize,
    Padding padding,
    Dims strides,
    DataFormat dataFormat)
    implements LayerConfig {
  PoolingConfig(Arguments.Values v) {
    this(v.next(), v.flag(), v.next(), v.next(), v.next(), v.next(), v.next());
  }

  /** Resolves the strides. */
  public PoolingConfig {
    strides = strides == null ? poolSize : strides;
  }

  /** The window that these arguments describe. */
  public Window window() {
    return new Window(poolSize, strides, Dims.fill(poolSize.rank(), 1), padding);
  }
}
