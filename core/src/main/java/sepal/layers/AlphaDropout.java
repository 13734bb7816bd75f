package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@link Dropout} for networks of {@code selu}: in training, sets elements by chance to what selu
 * tends to for ever lesser numbers, then scales and shifts all so that a mean of 0 and a variance
 * of 1 stay; in prediction, passes its input on. Output as input.
 *
 * <pre>{@code
 * Layer layer = new AlphaDropout(0.5, o -> o.seed(1L));
 * Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 3) [1.0, 2.0, 3.0])
 * System.out.println(layer.apply(x, true).shape()); // (1, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.AlphaDropout"
 */
public final class AlphaDropout extends BaseNoise {
  private final Config config;

  /**
   * @param rate the share of elements to drop, from 0 to 1; training needs less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public AlphaDropout(double rate) {
    this(rate, options -> {});
  }

  /**
   * @param rate the share of elements to drop, from 0 to 1; training needs less than 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AlphaDropout(double rate, Consumer<Options> options) {
    this(new Options(rate, options));
  }

  AlphaDropout(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private AlphaDropout(Options options, Config config) {
    super(options, config, config.rate(), config.seed());
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param noiseShape the shape of the mask, null on an axis for the size of the input; null for a
   *     mask of the shape of the input
   */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      double rate,
      @Nullable Long seed,
      @Nullable Shape noiseShape)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.number(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("AlphaDropout", name);
      checkRate(where, rate);
      checkNoiseShape(where, noiseShape);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double rate;
    @Nullable Object seed;
    @Nullable Object noiseShape;

    Options() {
      super("AlphaDropout");
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

    /** The shape of the mask, which stretches along axes of size 1; -1 for the input's size. */
    public Options noiseShape(int... noiseShape) {
      this.noiseShape = Shape.of(noiseShape);
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
    Shape noise = fit(config.noiseShape(), x.shape());
    return Ops.alphaDropout(x, config.rate(), noise, draw.seed(), draw.draws());
  }
}
