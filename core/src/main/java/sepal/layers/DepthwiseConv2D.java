package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.check.Check;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * A convolution of each channel alone, with {@code depthMultiplier} outputs for each; then bias and
 * activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c * depthMultiplier)}; with
 * channels_first {@code (n, c, h, w)} and {@code (n, c * depthMultiplier, newH, newW)}. Weights:
 * {@code kernel (kh, kw, c, depthMultiplier)}, {@code bias (c * depthMultiplier)}.
 *
 * @see "Keras 3.16, keras.layers.DepthwiseConv2D"
 */
public final class DepthwiseConv2D extends BaseConv {
  private final Config config;
  private Weight kernel; // (kh, kw, c, multiplier)
  private @Nullable Weight bias; // (c * multiplier)

  /**
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(int kernelSize) {
    this(kernelSize, options -> {});
  }

  /**
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(int kernelSize, Consumer<Options> options) {
    this(Dims.fill(2, kernelSize), options);
  }

  /**
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(Dims kernelSize, Consumer<Options> options) {
    this(new Options(kernelSize, options));
  }

  DepthwiseConv2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private DepthwiseConv2D(Options options, Config config) {
    super(options, config, config.window(), config.dataFormat());
    this.config = config;
    checkStridedDilation(options, config.strides(), config.dilationRate());
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int depthMultiplier,
      Dims kernelSize,
      Dims strides,
      Padding padding,
      DataFormat dataFormat,
      Dims dilationRate,
      Activation activation,
      boolean useBias,
      @Nullable Initializer depthwiseInitializer,
      @Nullable Initializer biasInitializer,
      @Nullable Regularizer depthwiseRegularizer,
      @Nullable Regularizer biasRegularizer,
      @Nullable Regularizer activityRegularizer,
      @Nullable Constraint depthwiseConstraint,
      @Nullable Constraint biasConstraint)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("DepthwiseConv2D", name);
      checkDims(where, "kernelSize", 2, kernelSize);
      checkDims(where, "strides", 2, strides);
      checkDims(where, "dilationRate", 2, dilationRate);
      Check.positive(where, "depthMultiplier", depthMultiplier);
    }

    Window window() {
      return new Window(kernelSize, strides, dilationRate, padding);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvOptions<Options> {
    int depthMultiplier = 1;
    @Nullable Object depthwiseInitializer = "glorot_uniform";
    @Nullable Object depthwiseRegularizer;
    @Nullable Object depthwiseConstraint;

    Options() {
      super("DepthwiseConv2D");
    }

    private Options(Dims kernelSize, Consumer<Options> options) {
      this();
      this.kernelSize = kernelSize;
      options.accept(this);
    }

    /** Output channels for each input channel; 1 by default. */
    public Options depthMultiplier(int depthMultiplier) {
      this.depthMultiplier = depthMultiplier;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
    public Options depthwiseInitializer(@Nullable Object initializer) {
      this.depthwiseInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options depthwiseRegularizer(@Nullable Object regularizer) {
      this.depthwiseRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options depthwiseConstraint(@Nullable Object constraint) {
      this.depthwiseConstraint = constraint;
      return this;
    }

    /** Computes strides > 1 together with dilation > 1, as Keras does since 3.15. */
    public Options allowStridedDilation() {
      this.allowStridedDilation = true;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  int outputChannels(int channels) {
    return channels * config.depthMultiplier();
  }

  @Override
  void createWeights(ConvGeometry geometry) {
    kernel =
        addWeight(
            "kernel",
            Shape.of(config.kernelSize().toArray())
                .concat(geometry.channels(), config.depthMultiplier()),
            config.depthwiseInitializer(),
            config.depthwiseRegularizer(),
            config.depthwiseConstraint(),
            true);
    bias =
        config.useBias()
            ? addBias(
                geometry.filters(),
                config.biasInitializer(),
                config.biasRegularizer(),
                config.biasConstraint())
            : null;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.depthwiseConv2d(
        x,
        kernel.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        geometry(x.shape()));
  }
}
