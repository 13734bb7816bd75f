package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.tensor.DTypePolicy;

/**
 * Takes planes, rows and columns off volumes. Input {@code (n, d, h, w, c)}, output {@code (n,
 * newD, newH, newW, c)}; with channels_first {@code (n, c, d, h, w)} and {@code (n, c, newD, newH,
 * newW)}. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Cropping3D(1);
 * System.out.println(layer.apply(Tensor.zeros(1, 4, 6, 6, 3)).shape()); // (1, 2, 4, 4, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Cropping3D"
 */
public final class Cropping3D extends BaseMargins {
  private final Config config;

  /** One plane, row and column off each side. */
  public Cropping3D() {
    this(options -> {});
  }

  /**
   * @param cropping planes, rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public Cropping3D(int cropping) {
    this(options -> options.cropping(cropping));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public Cropping3D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  Cropping3D(Options options) {
    this(options, options.freeze());
  }

  private Cropping3D(Options options, Config config) {
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
      super("Cropping3D", 3, 1);
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
