package sepal.layers;

import sepal.check.Check;
import sepal.check.Problem;

/**
 * The optional arguments of {@link Conv1D}, {@link Conv2D} and {@link Conv3D}, with Keras'
 * defaults.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class StandardConvOptions<S extends StandardConvOptions<S>>
    extends KernelConvOptions<S> {
  int groups = 1;

  StandardConvOptions(String className, int rank) {
    super(className, rank);
  }

  /**
   * The number of parts that input channels and filters are split into evenly, each part seeing
   * only its own; 1 by default.
   */
  public S groups(int groups) {
    this.groups = groups;
    return self();
  }

  /** The arguments, judged. */
  final ConvConfig config() {
    ConvConfig config = new ConvConfig(values(ConvConfig.class));
    checkWindow(config);
    checkStridedDilation(config, "");
    Check.positive(where(), "filters", config.filters());
    Check.positive(where(), "groups", config.groups());
    if (config.filters() % config.groups() != 0) {
      throw Problem.in(where(), "filters cannot be split evenly among the groups")
          .got("filters=" + config.filters() + ", groups=" + config.groups())
          .expected("filters divisible by groups")
          .asInvalidArgument();
    }
    return config;
  }
}
