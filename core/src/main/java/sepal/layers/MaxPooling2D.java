package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * The greatest value under a window, for each channel.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c)}; with channels_first {@code (n,
 * c, h, w)} and {@code (n, c, newH, newW)}. Padding never wins.
 *
 * @see "Keras 3.16, keras.layers.MaxPooling2D"
 */
public final class MaxPooling2D extends BasePooling {
  private final Config config;

  /** A window of (2, 2) in steps of (2, 2). */
  public MaxPooling2D() {
    this(2);
  }

  /**
   * @param poolSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public MaxPooling2D(int poolSize) {
    this(poolSize, options -> {});
  }

  /**
   * @param poolSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public MaxPooling2D(int poolSize, Consumer<Options> options) {
    this(Dims.fill(2, poolSize), options);
  }

  /**
   * @param poolSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public MaxPooling2D(Dims poolSize, Consumer<Options> options) {
    this(new Options(poolSize, options));
  }

  MaxPooling2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private MaxPooling2D(Options options, Config config) {
    super(options, config, config.window(), config.dataFormat());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Dims poolSize,
      Padding padding,
      Dims strides,
      DataFormat dataFormat)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("MaxPooling2D", name);
      BaseConv.checkDims(where, "poolSize", 2, poolSize);
      strides = strides == null ? poolSize : strides;
      BaseConv.checkDims(where, "strides", 2, strides);
    }

    Window window() {
      return new Window(poolSize, strides, Dims.fill(2, 1), padding);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends PoolingOptions<Options> {
    Options() {
      super("MaxPooling2D");
    }

    private Options(Dims poolSize, Consumer<Options> options) {
      this();
      this.poolSize = poolSize;
      options.accept(this);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.maxPool(x, geometry(x.shape()));
  }
}
