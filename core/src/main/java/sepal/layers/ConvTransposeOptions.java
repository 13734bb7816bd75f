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
    extends KernelConvOptions<S> {
  @Nullable Object outputPadding;

  ConvTransposeOptions(String className, int rank) {
    super(className, rank);
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

  /** Resolves and judges the arguments. */
  final ConvTransposeConfig freeze() {
    ConvTransposeConfig config = new ConvTransposeConfig(values(ConvTransposeConfig.class));
    checkWindow(config);
    checkStridedDilation(config, "");
    Check.positive(where(), "filters", config.filters());
    checkOutputPadding(config);
    return config;
  }

  private void checkOutputPadding(ConvTransposeConfig config) {
    Dims more = config.outputPadding();
    if (more == null) {
      return;
    }
    int rank = spatialRank();
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
