package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uniform in +-sqrt(6 / (fan-in + fan-out)), also called Xavier uniform. */
public final class GlorotUniform extends VarianceScaling {
  /** With Keras' defaults. */
  public GlorotUniform() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public GlorotUniform(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public GlorotUniform(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(1, "fan_avg", "uniform", seed, inputAxes, outputAxes);
  }
}
