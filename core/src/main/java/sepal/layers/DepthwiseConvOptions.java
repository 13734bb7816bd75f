package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;

/**
 * The optional arguments of {@link DepthwiseConv1D} and {@link DepthwiseConv2D}, with Keras'
 * defaults; those of separable convolutions begin with them.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class DepthwiseConvOptions<S extends DepthwiseConvOptions<S>>
    extends ConvOptions<S> {
  int depthMultiplier = 1;
  @Nullable Object depthwiseInitializer = "glorot_uniform";
  @Nullable Object depthwiseRegularizer;
  @Nullable Object depthwiseConstraint;

  DepthwiseConvOptions(String className, int rank) {
    super(className, rank);
  }

  /** These options with the required argument, then with what {@code options} sets. */
  final S with(Object kernelSize, Consumer<S> options) {
    this.kernelSize = kernelSize;
    options.accept(self());
    return self();
  }

  /** Depthwise output channels for each input channel; 1 by default. */
  public S depthMultiplier(int depthMultiplier) {
    this.depthMultiplier = depthMultiplier;
    return self();
  }

  /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
  public S depthwiseInitializer(@Nullable Object initializer) {
    this.depthwiseInitializer = initializer;
    return self();
  }

  /** A name, a {@code Regularizer}, a Keras configuration, or null. */
  public S depthwiseRegularizer(@Nullable Object regularizer) {
    this.depthwiseRegularizer = regularizer;
    return self();
  }

  /** A name, a {@code Constraint}, a Keras configuration, or null. */
  public S depthwiseConstraint(@Nullable Object constraint) {
    this.depthwiseConstraint = constraint;
    return self();
  }

  /** Computes strides > 1 together with dilation > 1, as Keras does since 3.15. */
  public S allowStridedDilation() {
    this.allowStridedDilation = true;
    return self();
  }

  /** The arguments of a depthwise convolution, judged. */
  final DepthwiseConvConfig depthwiseConfig() {
    DepthwiseConvConfig config = new DepthwiseConvConfig(values(DepthwiseConvConfig.class));
    checkWindow(config);
    Check.positive(where(), "depthMultiplier", config.depthMultiplier());
    checkStridedDilation(config);
    return config;
  }
}
