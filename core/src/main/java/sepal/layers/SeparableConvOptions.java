package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;

/**
 * The optional arguments of {@link SeparableConv1D} and {@link SeparableConv2D}, with Keras'
 * defaults.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class SeparableConvOptions<S extends SeparableConvOptions<S>>
    extends DepthwiseConvOptions<S> {
  @Nullable Integer filters;
  @Nullable Object pointwiseInitializer = "glorot_uniform";
  @Nullable Object pointwiseRegularizer;
  @Nullable Object pointwiseConstraint;

  SeparableConvOptions(String className, int rank) {
    super(className, rank);
  }

  /** These options with the required arguments, then with what {@code options} sets. */
  final S with(int filters, Object kernelSize, Consumer<S> options) {
    this.filters = filters;
    return with(kernelSize, options);
  }

  /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
  public S pointwiseInitializer(@Nullable Object initializer) {
    this.pointwiseInitializer = initializer;
    return self();
  }

  /** A name, a {@code Regularizer}, a Keras configuration, or null. */
  public S pointwiseRegularizer(@Nullable Object regularizer) {
    this.pointwiseRegularizer = regularizer;
    return self();
  }

  /** A name, a {@code Constraint}, a Keras configuration, or null. */
  public S pointwiseConstraint(@Nullable Object constraint) {
    this.pointwiseConstraint = constraint;
    return self();
  }

  /** The arguments of a separable convolution, judged. */
  final SeparableConvConfig separableConfig() {
    SeparableConvConfig config = new SeparableConvConfig(values(SeparableConvConfig.class));
    checkWindow(config);
    Check.positive(where(), "depthMultiplier", config.depthMultiplier());
    Check.positive(where(), "filters", config.filters());
    checkStridedDilation(config);
    return config;
  }
}
