package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Elu;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@code x} above zero, {@code alpha * (exp(x) - 1)} below. Output as input.
 *
 * <pre>{@code
 * Layer layer = new ELU();
 * Tensor x = Tensor.of(new float[] {0, 2}, 1, 2);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 2) [0.0, 2.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ELU"
 */
public final class ELU extends Layer {
  private final Config config;

  /** With an alpha of 1. */
  public ELU() {
    this(options -> {});
  }

  /**
   * @param alpha the negative of the limit far below zero
   */
  public ELU(double alpha) {
    this(options -> options.alpha(alpha));
  }

  /**
   * @param options sets optional arguments
   */
  public ELU(Consumer<Options> options) {
    this(new Options(options));
  }

  ELU(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private ELU(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(@Nullable String name, double alpha, boolean trainable, DTypePolicy dtype)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.number(), v.flag(), v.next());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double alpha = 1;

    Options() {
      super("ELU");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The negative of the limit far below zero; 1 by default. */
    public Options alpha(double alpha) {
      this.alpha = alpha;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return new Elu(config.alpha()).apply(x);
  }
}
