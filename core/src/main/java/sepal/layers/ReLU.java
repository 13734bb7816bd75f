package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Relu;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@code min(x, maxValue)} above the threshold, {@code negativeSlope * (x - threshold)} below it.
 * Output as input.
 *
 * <pre>{@code
 * Layer layer = new ReLU(o -> o.maxValue(6.0).negativeSlope(0.5));
 * Tensor x = Tensor.of(new float[] {-1, 2, 8}, 1, 3);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 3) [-0.5, 2.0, 6.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ReLU"
 */
public final class ReLU extends Layer {
  private final Config config;

  /** {@code max(x, 0)}. */
  public ReLU() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is negative or not a number
   */
  public ReLU(Consumer<Options> options) {
    this(new Options(options));
  }

  ReLU(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private ReLU(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      @Nullable Double maxValue,
      double negativeSlope,
      double threshold)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.number(), v.number());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("ReLU", name);
      if (maxValue != null) {
        Numbers.notNegative(where, "maxValue", maxValue);
      }
      Numbers.notNegative(where, "negativeSlope", negativeSlope);
      Numbers.notNegative(where, "threshold", threshold);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Double maxValue;
    double negativeSlope;
    double threshold;

    Options() {
      super("ReLU");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The greatest output; null, the default, for no limit. */
    public Options maxValue(@Nullable Double maxValue) {
      this.maxValue = maxValue;
      return this;
    }

    /** The slope below the threshold; 0 by default. */
    public Options negativeSlope(double negativeSlope) {
      this.negativeSlope = negativeSlope;
      return this;
    }

    /** Values up to this count as negative; 0 by default. */
    public Options threshold(double threshold) {
      this.threshold = threshold;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return new Relu(config.negativeSlope(), config.maxValue(), config.threshold()).apply(x);
  }
}
