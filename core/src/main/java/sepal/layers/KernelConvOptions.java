package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The optional arguments of convolutions with one kernel over all channels.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class KernelConvOptions<S extends KernelConvOptions<S>> extends ConvOptions<S> {
  @Nullable Integer filters;
  @Nullable Object kernelInitializer = "glorot_uniform";
  @Nullable Object kernelRegularizer;
  @Nullable Object kernelConstraint;

  KernelConvOptions(String className, int rank) {
    super(className, rank);
  }

  /** These options with the required arguments, then with what {@code options} sets. */
  final S with(int filters, Object kernelSize, Consumer<S> options) {
    this.filters = filters;
    this.kernelSize = kernelSize;
    options.accept(self());
    return self();
  }

  /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
  public S kernelInitializer(@Nullable Object initializer) {
    this.kernelInitializer = initializer;
    return self();
  }

  /** A name, a {@code Regularizer}, a Keras configuration, or null. */
  public S kernelRegularizer(@Nullable Object regularizer) {
    this.kernelRegularizer = regularizer;
    return self();
  }

  /** A name, a {@code Constraint}, a Keras configuration, or null. */
  public S kernelConstraint(@Nullable Object constraint) {
    this.kernelConstraint = constraint;
    return self();
  }
}
