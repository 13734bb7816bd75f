package sepal.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@link Dropout} of whole channels of sequences. Input {@code (n, steps, c)}; output as input.
 *
 * <pre>{@code
 * Layer layer = new SpatialDropout1D(0.5, o -> o.seed(1L));
 * System.out.println(layer.apply(Tensor.zeros(4, 8, 3), true).shape()); // (4, 8, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.SpatialDropout1D"
 */
public final class SpatialDropout1D extends BaseNoise {
  private final Config config;

  /**
   * @param rate the share of channels to drop, from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public SpatialDropout1D(double rate) {
    this(rate, options -> {});
  }

  /**
   * @param rate the share of channels to drop, from 0 to 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SpatialDropout1D(double rate, Consumer<Options> options) {
    this(new Options(rate, options));
  }

  SpatialDropout1D(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private SpatialDropout1D(Options options, Config config) {
    super(options, config, config.rate(), config.seed());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}, which leaves out {@code trainable}. */
  public record Config(
      double rate, @Nullable Long seed, @Nullable String name, boolean trainable, DTypePolicy dtype)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.number(), v.next(), v.next(), v.flag(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      checkRate(LayerOptions.where("SpatialDropout1D", name), rate);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double rate;
    @Nullable Object seed;

    Options() {
      super("SpatialDropout1D");
    }

    private Options(double rate, Consumer<Options> options) {
      this();
      this.rate = rate;
      options.accept(this);
    }

    /** Makes masks reproducible; null, the default, for others each time. */
    public Options seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  /** The type is a name here, and {@code trainable} is left out: there are no weights. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(super.getConfig());
    map.put("dtype", config.dtype().name());
    map.remove("trainable");
    return map;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    InputSpec.checkRank(toString(), input, 3, "for sequences");
    return input;
  }

  @Override
  Tensor disturb(Tensor x, SeedGenerator.State draw) {
    return Ops.dropout(x, config.rate(), x.shape().with(1, 1), draw.seed(), draw.draws());
  }
}
