package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Truncated normal with variance 2 / (fan-in + fan-out), also called Xavier normal. */
public final class GlorotNormal extends VarianceScaling {
  /** With Keras' defaults. */
  public GlorotNormal() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public GlorotNormal(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public GlorotNormal(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(1, "fan_avg", "truncated_normal", seed, inputAxes, outputAxes);
  }
}
