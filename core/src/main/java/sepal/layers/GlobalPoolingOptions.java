package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;

/**
 * The optional arguments that global pooling layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class GlobalPoolingOptions<S extends GlobalPoolingOptions<S>>
    extends LayerOptions<S> {
  @Nullable Object dataFormat;
  boolean keepdims;

  GlobalPoolingOptions(String className) {
    super(className);
  }

  /**
   * {@code channels_last} or {@code channels_first}; null, the default, for what {@code keras.json}
   * says, else channels_last.
   */
  public S dataFormat(@Nullable String dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }

  /** The order of the axes. */
  public S dataFormat(DataFormat dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }

  /** Whether the spatial axes stay, with size 1; false by default. */
  public S keepdims(boolean keepdims) {
    this.keepdims = keepdims;
    return self();
  }
}
