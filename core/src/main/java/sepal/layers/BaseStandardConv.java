package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What standard convolutions share, whatever their number of spatial axes. */
abstract class BaseStandardConv extends BaseConv {
  private final ConvConfig config;
  private Weight kernel; // (k..., c / groups, filters)
  private @Nullable Weight bias; // (filters)

  BaseStandardConv(StandardConvOptions<?> options) {
    this(options, options.config());
  }

  private BaseStandardConv(StandardConvOptions<?> options, ConvConfig config) {
    super(options, config);
    this.config = config;
  }

  @Override
  public final ConvConfig config() {
    return config;
  }

  @Override
  final int outputChannels(int channels) {
    if (channels % config.groups() != 0) {
      throw Problem.in(toString(), "input channels cannot be split evenly among the groups")
          .got(channels + " channels, groups=" + config.groups())
          .expected("channels divisible by groups")
          .asInvalidArgument();
    }
    return config.filters();
  }

  @Override
  final void createWeights(ConvGeometry geometry) {
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
  protected final Tensor call(Tensor x, boolean training) {
    return Ops.conv(
        x,
        kernel.value(),
        bias == null ? null : bias.value(),
        config.activation(),
        config.groups(),
        geometry(x.shape()));
  }
}
