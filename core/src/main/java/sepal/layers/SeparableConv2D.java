package sepal.layers;

import java.util.Map;
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
 * A depthwise convolution, which acts on each channel alone, followed by a pointwise one, which
 * mixes the channels, then bias and activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, filters)}; with channels_first
 * {@code (n, c, h, w)} and {@code (n, filters, newH, newW)}. Weights: {@code depthwise_kernel (kh,
 * kw, c, depthMultiplier)}, {@code pointwise_kernel (1, 1, c * depthMultiplier, filters)}, {@code
 * bias (filters)}.
 *
 * <pre>{@code
 * Layer layer = new SeparableConv2D(32, 3, o -> o.strides(2).padding("same").activation("relu"));
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.SeparableConv2D"
 */
public final class SeparableConv2D extends BaseConv {
  private final Config config;
  private Weight depthwise; // (kh, kw, c, multiplier)
  private Weight pointwise; // (1, 1, c * multiplier, filters)
  private @Nullable Weight bias; // (filters)

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, int kernelSize, Consumer<Options> options) {
    this(filters, Dims.fill(2, kernelSize), options);
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options(filters, kernelSize, options));
  }

  SeparableConv2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private SeparableConv2D(Options options, Config config) {
    super(options, config, config.window(), config.dataFormat());
    this.config = config;
    checkStridedDilation(options, config.strides(), config.dilationRate());
  }

  /**
   * A new layer from what {@link #getConfig} or Keras wrote: without weights and calls.
   *
   * @throws IllegalArgumentException if an argument is missing, unknown or wrong
   */
  public static SeparableConv2D fromConfig(Map<String, ? extends @Nullable Object> config) {
    return fromConfig(SeparableConv2D.class, config);
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int depthMultiplier,
      int filters,
      Dims kernelSize,
      Dims strides,
      Padding padding,
      DataFormat dataFormat,
      Dims dilationRate,
      Activation activation,
      boolean useBias,
      @Nullable Initializer depthwiseInitializer,
      @Nullable Initializer pointwiseInitializer,
      @Nullable Initializer biasInitializer,
      @Nullable Regularizer depthwiseRegularizer,
      @Nullable Regularizer pointwiseRegularizer,
      @Nullable Regularizer biasRegularizer,
      @Nullable Regularizer activityRegularizer,
      @Nullable Constraint depthwiseConstraint,
      @Nullable Constraint pointwiseConstraint,
      @Nullable Constraint biasConstraint)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("SeparableConv2D", name);
      checkDims(where, "kernelSize", 2, kernelSize);
      checkDims(where, "strides", 2, strides);
      checkDims(where, "dilationRate", 2, dilationRate);
      Check.positive(where, "depthMultiplier", depthMultiplier);
      Check.positive(where, "filters", filters);
    }

    Window window() {
      return new Window(kernelSize, strides, dilationRate, padding);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvOptions<Options> {
    @Nullable Integer filters;
    int depthMultiplier = 1;
    @Nullable Object depthwiseInitializer = "glorot_uniform";
    @Nullable Object pointwiseInitializer = "glorot_uniform";
    @Nullable Object depthwiseRegularizer;
    @Nullable Object pointwiseRegularizer;
    @Nullable Object depthwiseConstraint;
    @Nullable Object pointwiseConstraint;

    Options() {
      super("SeparableConv2D");
    }

    private Options(int filters, Dims kernelSize, Consumer<Options> options) {
      this();
      this.filters = filters;
      this.kernelSize = kernelSize;
      options.accept(this);
    }

    /** Depthwise output channels for each input channel; 1 by default. */
    public Options depthMultiplier(int depthMultiplier) {
      this.depthMultiplier = depthMultiplier;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
    public Options depthwiseInitializer(@Nullable Object initializer) {
      this.depthwiseInitializer = initializer;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
    public Options pointwiseInitializer(@Nullable Object initializer) {
      this.pointwiseInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options depthwiseRegularizer(@Nullable Object regularizer) {
      this.depthwiseRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options pointwiseRegularizer(@Nullable Object regularizer) {
      this.pointwiseRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options depthwiseConstraint(@Nullable Object constraint) {
      this.depthwiseConstraint = constraint;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options pointwiseConstraint(@Nullable Object constraint) {
      this.pointwiseConstraint = constraint;
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
    return config.filters();
  }

  @Override
  void createWeights(ConvGeometry geometry) {
    int multiplier = config.depthMultiplier();
    int between = geometry.channels() * multiplier;
    Dims kernel = config.kernelSize();
    depthwise =
        addWeight(
            "depthwise_kernel",
            Shape.of(kernel.toArray()).concat(geometry.channels(), multiplier),
            config.depthwiseInitializer(),
            config.depthwiseRegularizer(),
            config.depthwiseConstraint(),
            true);
    pointwise =
        addWeight(
            "pointwise_kernel",
            Shape.of(1, 1, between, config.filters()),
            config.pointwiseInitializer(),
            config.pointwiseRegularizer(),
            config.pointwiseConstraint(),
            true);
    bias =
        config.useBias()
            ? addBias(
                config.filters(),
                config.biasInitializer(),
                config.biasRegularizer(),
                config.biasConstraint())
            : null;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.separableConv2d(
        x,
        depthwise.value(),
        pointwise.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        geometry(x.shape()));
  }
}
