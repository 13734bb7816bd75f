package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * An activation function as a layer of its own. Output as input.
 *
 * <pre>{@code
 * Layer layer = new Activation("relu");
 * Tensor x = Tensor.of(new float[] {-1, 0, 2}, 1, 3);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 3) [0.0, 0.0, 2.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Activation"
 */
public final class Activation extends Layer {
  private final Config config;

  /**
   * @param activation a Keras name such as {@code relu}, or null for linear
   * @throws IllegalArgumentException if the name is unknown
   */
  public Activation(@Nullable String activation) {
    this(activation, options -> {});
  }

  /**
   * @param activation a Keras name such as {@code relu}, or null for linear
   * @param options sets optional arguments
   * @throws IllegalArgumentException if the name is unknown
   */
  public Activation(@Nullable String activation, Consumer<Options> options) {
    this(new Options(activation, options));
  }

  /** A layer of this function; a lambda will do. */
  public Activation(sepal.activations.Activation activation) {
    this(activation, options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Activation(sepal.activations.Activation activation, Consumer<Options> options) {
    this(new Options(activation, options));
  }

  Activation(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Activation(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      sepal.activations.Activation activation)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }
  }

  /** The optional arguments. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object activation = Activations.LINEAR;

    Options() {
      super("Activation");
    }

    private Options(@Nullable Object activation, Consumer<Options> options) {
      this();
      this.activation = activation;
      options.accept(this);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return config.activation().apply(x);
  }
}
