package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.LeakyRelu;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@code x} above zero, {@code negativeSlope * x} below. Output as input.
 *
 * <pre>{@code
 * Layer layer = new LeakyReLU(0.5);
 * Tensor x = Tensor.of(new float[] {-1, 2}, 1, 2);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 2) [-0.5, 2.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.LeakyReLU"
 */
public final class LeakyReLU extends Layer {
  private final Config config;

  /** With Keras' slope of 0.3. */
  public LeakyReLU() {
    this(options -> {});
  }

  /**
   * @param negativeSlope the slope below zero
   * @throws IllegalArgumentException if it is negative or not a number
   */
  public LeakyReLU(double negativeSlope) {
    this(options -> options.negativeSlope(negativeSlope));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if the slope is negative or not a number
   */
  public LeakyReLU(Consumer<Options> options) {
    this(new Options(options));
  }

  LeakyReLU(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private LeakyReLU(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, double negativeSlope)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.number());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      Numbers.notNegative(LayerOptions.where("LeakyReLU", name), "negativeSlope", negativeSlope);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double negativeSlope = 0.3;

    Options() {
      super("LeakyReLU");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The slope below zero; 0.3 by default. */
    public Options negativeSlope(double negativeSlope) {
      this.negativeSlope = negativeSlope;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return new LeakyRelu(config.negativeSlope()).apply(x);
  }
}
