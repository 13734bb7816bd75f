package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uniform in +-sqrt(3 / fan-in). */
public final class LecunUniform extends VarianceScaling {
  /** With Keras' defaults. */
  public LecunUniform() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public LecunUniform(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public LecunUniform(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(1, "fan_in", "uniform", seed, inputAxes, outputAxes);
  }
}
