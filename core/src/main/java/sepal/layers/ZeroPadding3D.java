package sepal.layers;

import java.util.function.Consumer;

/**
 * Puts planes, rows and columns of zeros around volumes. Input {@code (n, d, h, w, c)}, output
 * {@code (n, newD, newH, newW, c)}; with channels_first {@code (n, c, d, h, w)} and {@code (n, c,
 * newD, newH, newW)}. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new ZeroPadding3D(1);
 * System.out.println(layer.apply(Tensor.zeros(1, 4, 6, 6, 3)).shape()); // (1, 6, 8, 8, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ZeroPadding3D"
 */
public final class ZeroPadding3D extends BaseMargins {
  private final ZeroPaddingConfig config;

  /** One plane, row or column of zeros on each side. */
  public ZeroPadding3D() {
    this(options -> {});
  }

  /**
   * @param padding planes, rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public ZeroPadding3D(int padding) {
    this(options -> options.padding(padding));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding3D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  ZeroPadding3D(Options options) {
    this(options, options.freeze());
  }

  private ZeroPadding3D(Options options, ZeroPaddingConfig config) {
    super(options, config, config.padding(), config.dataFormat());
    this.config = config;
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ZeroPaddingOptions<Options> {
    Options() {
      super("ZeroPadding3D", 3);
    }
  }

  @Override
  public ZeroPaddingConfig config() {
    return config;
  }
}
