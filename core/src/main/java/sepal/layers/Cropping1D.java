package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.tensor.DTypePolicy;

/**
 * Takes steps off sequences. Input {@code (n, steps, c)}, output {@code (n, newSteps, c)}. Integers
 * stay integers.
 *
 * <pre>{@code
 * Layer layer = new Cropping1D(o -> o.cropping(8, 20));
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 100, 5)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Cropping1D"
 */
public final class Cropping1D extends BaseMargins {
  private final Config config;

  /** One step off each end. */
  public Cropping1D() {
    this(options -> {});
  }

  /**
   * @param cropping steps at each end, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public Cropping1D(int cropping) {
    this(options -> options.cropping(cropping));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public Cropping1D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  Cropping1D(Options options) {
    this(options, options.freeze());
  }

  private Cropping1D(Options options, Config config) {
    super(options, config, config.cropping().negated(), DataFormat.CHANNELS_LAST);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, Margins cropping)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends CroppingOptions<Options> {
    Options() {
      super("Cropping1D", 1, 1);
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
