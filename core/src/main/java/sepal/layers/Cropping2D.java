package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.tensor.DTypePolicy;

/**
 * Takes rows and columns off images. Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c)};
 * with channels_first {@code (n, c, h, w)} and {@code (n, c, newH, newW)}. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Cropping2D(o -> o.cropping(2, 4));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 3)).shape()); // (4, 60, 56, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Cropping2D"
 */
public final class Cropping2D extends BaseMargins {
  private final Config config;

  /**
   * @param cropping rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public Cropping2D(int cropping) {
    this(options -> options.cropping(cropping));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public Cropping2D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  Cropping2D(Options options) {
    this(options, options.freeze());
  }

  private Cropping2D(Options options, Config config) {
    super(options, config, config.cropping().negated(), config.dataFormat());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Margins cropping,
      DataFormat dataFormat)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.next());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends CroppingOptions<Options> {
    @Nullable Object dataFormat;

    Options() {
      super("Cropping2D", 2, 0);
    }

    /**
     * {@code channels_last} or {@code channels_first}; null, the default, for what {@code
     * keras.json} says, else channels_last.
     */
    public Options dataFormat(@Nullable String dataFormat) {
      this.dataFormat = dataFormat;
      return this;
    }

    /** The order of the axes. */
    public Options dataFormat(DataFormat dataFormat) {
      this.dataFormat = dataFormat;
      return this;
    }

    private Config freeze() {
      Config config = new Config(values(Config.class));
      check(config.cropping());
      return config;
    }
  }

  @Override
  public Config config() {
    return config;
  }
}
