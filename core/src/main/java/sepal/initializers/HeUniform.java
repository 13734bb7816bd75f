package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uniform in +-sqrt(6 / fan-in). */
public final class HeUniform extends VarianceScaling {
  /** With Keras' defaults. */
  public HeUniform() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public HeUniform(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public HeUniform(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(2, "fan_in", "uniform", seed, inputAxes, outputAxes);
  }
}
