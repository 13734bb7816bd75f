package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.check.Check;
import sepal.check.Problem;
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
 * A convolution: every output channel looks at all input channels under the window, or with groups
 * at those of its group; then bias and activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, filters)}; with channels_first
 * {@code (n, c, h, w)} and {@code (n, filters, newH, newW)}. Weights: {@code kernel (kh, kw, c /
 * groups, filters)}, {@code bias (filters)}.
 *
 * @see "Keras 3.16, keras.layers.Conv2D"
 */
public final class Conv2D extends BaseConv {
  private final Config config;
  private Weight kernel; // (kh, kw, c / groups, filters)
  private @Nullable Weight bias; // (filters)

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, int kernelSize, Consumer<Options> options) {
    this(filters, Dims.fill(2, kernelSize), options);
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options(filters, kernelSize, options));
  }

  Conv2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private Conv2D(Options options, Config config) {
    super(options, config, config.window(), config.dataFormat());
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int filters,
      Dims kernelSize,
      Dims strides,
      Padding padding,
      DataFormat dataFormat,
      Dims dilationRate,
      int groups,
      Activation activation,
      boolean useBias,
      @Nullable Initializer kernelInitializer,
      @Nullable Initializer biasInitializer,
      @Nullable Regularizer kernelRegularizer,
      @Nullable Regularizer biasRegularizer,
      @Nullable Regularizer activityRegularizer,
      @Nullable Constraint kernelConstraint,
      @Nullable Constraint biasConstraint)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Conv2D", name);
      checkDims(where, "kernelSize", 2, kernelSize);
      checkDims(where, "strides", 2, strides);
      checkDims(where, "dilationRate", 2, dilationRate);
      checkStridedDilation(where, strides, dilationRate, "set one of them to 1");
      Check.positive(where, "filters", filters);
      Check.positive(where, "groups", groups);
      if (filters % groups != 0) {
        throw Problem.in(where, "filters cannot be split evenly among the groups")
            .got("filters=" + filters + ", groups=" + groups)
            .expected("filters divisible by groups")
            .asInvalidArgument();
      }
    }

    Window window() {
      return new Window(kernelSize, strides, dilationRate, padding);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvOptions<Options> {
    @Nullable Integer filters;
    int groups = 1;
    @Nullable Object kernelInitializer = "glorot_uniform";
    @Nullable Object kernelRegularizer;
    @Nullable Object kernelConstraint;

    Options() {
      super("Conv2D");
    }

    private Options(int filters, Dims kernelSize, Consumer<Options> options) {
      this();
      this.filters = filters;
      this.kernelSize = kernelSize;
      options.accept(this);
    }

    /**
     * The number of parts that input channels and filters are split into evenly, each part seeing
     * only its own; 1 by default.
     */
    public Options groups(int groups) {
      this.groups = groups;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
    public Options kernelInitializer(@Nullable Object initializer) {
      this.kernelInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options kernelRegularizer(@Nullable Object regularizer) {
      this.kernelRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options kernelConstraint(@Nullable Object constraint) {
      this.kernelConstraint = constraint;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  int outputChannels(int channels) {
    if (channels % config.groups() != 0) {
      throw Problem.in(toString(), "input channels cannot be split evenly among the groups")
          .got(channels + " channels, groups=" + config.groups())
          .expected("channels divisible by groups")
          .asInvalidArgument();
    }
    return config.filters();
  }

  @Override
  void createWeights(ConvGeometry geometry) {
    kernel =
        addWeight(
            "kernel",
            Shape.of(config.kernelSize().toArray())
                .concat(geometry.channels() / config.groups(), config.filters()),
            config.kernelInitializer(),
            config.kernelRegularizer(),
            config.kernelConstraint(),
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
    return Ops.conv2d(
        x,
        kernel.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        config.groups(),
        geometry(x.shape()));
  }
}
