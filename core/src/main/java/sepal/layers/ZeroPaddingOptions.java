package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;

/**
 * The optional arguments that padding layers share, with Keras' defaults.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class ZeroPaddingOptions<S extends ZeroPaddingOptions<S>> extends MarginOptions<S> {
  @Nullable Object padding = 1;
  @Nullable Object dataFormat;

  ZeroPaddingOptions(String className, int rank) {
    super(className, rank);
  }

  /**
   * The number of zeros: one number for all sides; one for each spatial axis, if there are several;
   * or two for each, before and after it: (left, right), or (top, bottom, left, right). 1 by
   * default.
   */
  public S padding(int... padding) {
    this.padding = form(padding);
    return self();
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

  /** The arguments, judged. */
  final ZeroPaddingConfig freeze() {
    ZeroPaddingConfig config = new ZeroPaddingConfig(values(ZeroPaddingConfig.class));
    check("padding", config.padding(), "Cropping", "take %s off");
    return config;
  }
}
