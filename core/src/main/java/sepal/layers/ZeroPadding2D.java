package sepal.layers;

import java.util.function.Consumer;

/**
 * Puts rows and columns of zeros around images. Input {@code (n, h, w, c)}, output {@code (n, newH,
 * newW, c)}; with channels_first {@code (n, c, h, w)} and {@code (n, c, newH, newW)}. Integers stay
 * integers.
 *
 * <pre>{@code
 * Layer layer = new ZeroPadding2D(o -> o.padding(0, 1, 0, 1));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 3)).shape()); // (4, 65, 65, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ZeroPadding2D"
 */
public final class ZeroPadding2D extends BaseMargins {
  private final ZeroPaddingConfig config;

  /** One row or column of zeros on each side. */
  public ZeroPadding2D() {
    this(options -> {});
  }

  /**
   * @param padding rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public ZeroPadding2D(int padding) {
    this(options -> options.padding(padding));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding2D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  ZeroPadding2D(Options options) {
    this(options, options.freeze());
  }

  private ZeroPadding2D(Options options, ZeroPaddingConfig config) {
    super(options, config, config.padding(), config.dataFormat());
    this.config = config;
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ZeroPaddingOptions<Options> {
    Options() {
      super("ZeroPadding2D", 2);
    }
  }

  @Override
  public ZeroPaddingConfig config() {
    return config;
  }
}
