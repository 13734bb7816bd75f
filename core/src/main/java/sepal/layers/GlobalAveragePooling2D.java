package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * The mean over all pixels, for each channel.
 *
 * <p>Input {@code (n, h, w, c)}, or {@code (n, c, h, w)} with channels_first; output {@code (n,
 * c)}, or with keepdims {@code (n, 1, 1, c)} and {@code (n, c, 1, 1)}.
 *
 * @see "Keras 3.16, keras.layers.GlobalAveragePooling2D"
 */
public final class GlobalAveragePooling2D extends BaseGlobalPooling {
  private final Config config;

  /** With Keras' defaults. */
  public GlobalAveragePooling2D() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GlobalAveragePooling2D(Consumer<Options> options) {
    this(new Options(options));
  }

  GlobalAveragePooling2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private GlobalAveragePooling2D(Options options, Config config) {
    super(options, config, config.dataFormat(), config.keepdims());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      DataFormat dataFormat,
      boolean keepdims)
      implements LayerConfig {}

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends GlobalPoolingOptions<Options> {
    Options() {
      super("GlobalAveragePooling2D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.averagePool(x, geometry);
  }
}
