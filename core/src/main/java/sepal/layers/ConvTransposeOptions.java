package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.shape.Dims;

/**
 * The optional arguments that transposed convolutions share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class ConvTransposeOptions<S extends ConvTransposeOptions<S>>
    extends ConvOptions<S> {
  @Nullable Integer filters;
  @Nullable Object outputPadding;
  @Nullable Object kernelInitializer = "glorot_uniform";
  @Nullable Object kernelRegularizer;
  @Nullable Object kernelConstraint;
  private final int rank;

  ConvTransposeOptions(String className, int rank) {
    super(className);
    this.rank = rank;
  }

  @Override
  protected final int spatialRank() {
    return rank;
  }

  /**
   * What the output is longer than it need be on every spatial axis, below the strides; without it
   * the output is as long as the strides suggest.
   */
  public S outputPadding(int outputPadding) {
    this.outputPadding = outputPadding;
    return self();
  }

  /** The same on each spatial axis; null, the default, for what the strides suggest. */
  public S outputPadding(@Nullable Dims outputPadding) {
    this.outputPadding = outputPadding;
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

  /** Resolves and judges the arguments. */
  final ConvTransposeConfig freeze() {
    ConvTransposeConfig config = freeze(ConvTransposeConfig.class);
    BaseConv.checkDims(where(), "kernelSize", rank, config.kernelSize());
    BaseConv.checkDims(where(), "strides", rank, config.strides());
    BaseConv.checkDims(where(), "dilationRate", rank, config.dilationRate());
    BaseConv.checkStridedDilation(
        where(), config.strides(), config.dilationRate(), "set one of them to 1");
    Check.positive(where(), "filters", config.filters());
    checkOutputPadding(config);
    return config;
  }

  private void checkOutputPadding(ConvTransposeConfig config) {
    Dims more = config.outputPadding();
    if (more == null) {
      return;
    }
    boolean fits = more.rank() == rank;
    for (int axis = 0; fits && axis < rank; axis++) {
      fits = more.get(axis) >= 0 && more.get(axis) < config.strides().get(axis);
    }
    if (!fits) {
      throw Problem.in(where(), "outputPadding must not be negative, and must be below the strides")
          .got("outputPadding=" + more + ", strides=" + config.strides())
          .expected(
              "null, or " + rank + (rank == 1 ? " value" : " values") + " from 0 to strides - 1")
          .asInvalidArgument();
    }
  }
}
