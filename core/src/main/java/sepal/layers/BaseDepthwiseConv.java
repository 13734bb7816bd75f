package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What depthwise convolutions share, whatever their number of spatial axes. */
abstract class BaseDepthwiseConv extends BaseConv {
  private final DepthwiseConvConfig config;
  private Weight kernel; // (k..., c, multiplier)
  private @Nullable Weight bias; // (c * multiplier)

  BaseDepthwiseConv(DepthwiseConvOptions<?> options) {
    this(options, options.depthwiseConfig());
  }

  private BaseDepthwiseConv(DepthwiseConvOptions<?> options, DepthwiseConvConfig config) {
    super(options, config);
    this.config = config;
  }

  @Override
  public final DepthwiseConvConfig config() {
    return config;
  }

  @Override
  final int outputChannels(int channels) {
    return channels * config.depthMultiplier();
  }

  @Override
  final void createWeights(ConvGeometry geometry) {
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
  protected final Tensor call(Tensor x, boolean training) {
    return Ops.depthwiseConv(
        x,
        kernel.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        geometry(x.shape()));
  }
}
