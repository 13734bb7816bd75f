package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * In training, adds normal random numbers of mean 0; in prediction, passes its input on. Output as
 * input.
 *
 * <pre>{@code
 * Layer layer = new GaussianNoise(0.1, o -> o.seed(1L));
 * Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 3) [1.0, 2.0, 3.0])
 * System.out.println(layer.apply(x, true).shape()); // (1, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GaussianNoise"
 */
public final class GaussianNoise extends BaseNoise {
  private final Config config;

  /**
   * @param stddev the standard deviation, from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public GaussianNoise(double stddev) {
    this(stddev, options -> {});
  }

  /**
   * @param stddev the standard deviation, from 0 to 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GaussianNoise(double stddev, Consumer<Options> options) {
    this(new Options(stddev, options));
  }

  GaussianNoise(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private GaussianNoise(Options options, Config config) {
    super(options, config, config.stddev(), config.seed());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      double stddev,
      @Nullable Long seed)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.number(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      if (!(stddev >= 0 && stddev <= 1)) {
        throw Problem.in(
                LayerOptions.where("GaussianNoise", name), "stddev must lie between 0 and 1")
            .got("stddev=" + stddev)
            .expected("the standard deviation of the noise, for example 0.1")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double stddev;
    @Nullable Object seed;

    Options() {
      super("GaussianNoise");
    }

    private Options(double stddev, Consumer<Options> options) {
      this();
      this.stddev = stddev;
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
    return Ops.gaussianNoise(x, config.stddev(), draw.seed(), draw.draws());
  }
}
