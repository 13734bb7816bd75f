package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.initializers.Initializer;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What transposed convolutions share, whatever their number of spatial axes. */
abstract class BaseConvTranspose extends Layer {
  private final ConvTransposeConfig config;
  private Weight kernel; // (k..., filters, c)
  private @Nullable Weight bias; // (filters)

  BaseConvTranspose(ConvTransposeOptions<?> options) {
    this(options, options.freeze());
  }

  private BaseConvTranspose(ConvTransposeOptions<?> options, ConvTransposeConfig config) {
    super(options, config);
    this.config = config;
  }

  @Override
  public final ConvTransposeConfig config() {
    return config;
  }

  /** The one place that this layer asks for shapes. */
  private ConvGeometry geometry(Shape input) {
    return ConvGeometry.transposed(
        toString(),
        input,
        config.window(),
        config.outputPadding(),
        config.dataFormat(),
        config.filters());
  }

  @Override
  protected final void createWeights(Shape input) {
    kernel =
        addWeight(
            "kernel",
            Shape.of(config.kernelSize().toArray())
                .concat(config.filters(), geometry(input).filters()),
            config.kernelInitializer(),
            config.kernelRegularizer(),
            config.kernelConstraint(),
            true);
    Initializer first = config.biasInitializer();
    bias =
        config.useBias()
            ? addWeight(
                "bias",
                Shape.of(config.filters()),
                first == null ? new Zeros() : first,
                config.biasRegularizer(),
                config.biasConstraint(),
                true)
            : null;
    int channels = config.dataFormat().channelAxis(input.rank());
    setInputSpec(new InputSpec(channels, "channels", input.with(0, Shape.UNKNOWN)));
  }

  @Override
  public final Shape computeOutputShape(Shape input) {
    return geometry(input).input();
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    Tensor first = bias == null ? null : bias.value();
    return Ops.convTranspose(x, kernel.value(), first, config.activation(), geometry(x.shape()));
  }
}
