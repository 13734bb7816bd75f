package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What separable convolutions share, whatever their number of spatial axes. */
abstract class BaseSeparableConv extends BaseConv {
  private final SeparableConvConfig config;
  private Weight depthwise; // (k..., c, multiplier)
  private Weight pointwise; // (1..., c * multiplier, filters)
  private @Nullable Weight bias; // (filters)

  BaseSeparableConv(SeparableConvOptions<?> options) {
    this(options, options.separableConfig());
  }

  private BaseSeparableConv(SeparableConvOptions<?> options, SeparableConvConfig config) {
    super(options, config);
    this.config = config;
  }

  @Override
  public final SeparableConvConfig config() {
    return config;
  }

  @Override
  final int outputChannels(int channels) {
    return config.filters();
  }

  @Override
  final void createWeights(ConvGeometry geometry) {
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
            Shape.of(Dims.fill(kernel.rank(), 1).toArray()).concat(between, config.filters()),
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
  protected final Tensor call(Tensor x, boolean training) {
    return Ops.separableConv(
        x,
        depthwise.value(),
        pointwise.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        geometry(x.shape()));
  }
}
