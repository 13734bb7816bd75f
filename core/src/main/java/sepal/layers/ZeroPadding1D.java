package sepal.layers;

import java.util.function.Consumer;

/**
 * Puts zeros before and after sequences. Input {@code (n, steps, c)}, output {@code (n, newSteps,
 * c)}; with channels_first {@code (n, c, steps)} and {@code (n, c, newSteps)}. Integers stay
 * integers.
 *
 * <pre>{@code
 * Layer layer = new ZeroPadding1D(o -> o.padding(2, 0));
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 130, 5)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ZeroPadding1D"
 */
public final class ZeroPadding1D extends BaseMargins {
  private final ZeroPaddingConfig config;

  /** One zero at each end. */
  public ZeroPadding1D() {
    this(options -> {});
  }

  /**
   * @param padding zeros at each end, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public ZeroPadding1D(int padding) {
    this(options -> options.padding(padding));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding1D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  ZeroPadding1D(Options options) {
    this(options, options.freeze());
  }

  private ZeroPadding1D(Options options, ZeroPaddingConfig config) {
    super(options, config, config.padding(), config.dataFormat());
    this.config = config;
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ZeroPaddingOptions<Options> {
    Options() {
      super("ZeroPadding1D", 1);
    }
  }

  @Override
  public ZeroPaddingConfig config() {
    return config;
  }
}
