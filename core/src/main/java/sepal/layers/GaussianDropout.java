package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * In training, multiplies elements by normal random numbers of mean 1 and standard deviation {@code
 * sqrt(rate / (1 - rate))}; in prediction, passes its input on. Output as input.
 *
 * <pre>{@code
 * Layer layer = new GaussianDropout(0.5, o -> o.seed(1L));
 * Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 3) [1.0, 2.0, 3.0])
 * System.out.println(layer.apply(x, true).shape()); // (1, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GaussianDropout"
 */
public final class GaussianDropout extends BaseNoise {
  private final Config config;

  /**
   * @param rate as of {@link Dropout}, from 0 to 1; training needs less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public GaussianDropout(double rate) {
    this(rate, options -> {});
  }

  /**
   * @param rate as of {@link Dropout}, from 0 to 1; training needs less than 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GaussianDropout(double rate, Consumer<Options> options) {
    this(new Options(rate, options));
  }

  GaussianDropout(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private GaussianDropout(Options options, Config config) {
    super(options, config, config.rate(), config.seed());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, double rate, @Nullable Long seed)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.number(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      checkRate(LayerOptions.where("GaussianDropout", name), rate);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double rate;
    @Nullable Object seed;

    Options() {
      super("GaussianDropout");
    }

    private Options(double rate, Consumer<Options> options) {
      this();
      this.rate = rate;
      options.accept(this);
    }

    /** Makes the numbers reproducible; null, the default, for others each time. */
    public Options seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  Tensor disturb(Tensor x, SeedGenerator.State draw) {
    checkBelowOne(config.rate());
    return Ops.gaussianDropout(x, config.rate(), draw.seed(), draw.draws());
  }
}
