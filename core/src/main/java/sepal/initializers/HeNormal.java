package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Truncated normal with variance 2 / fan-in. */
public final class HeNormal extends VarianceScaling {
  /** With Keras' defaults. */
  public HeNormal() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public HeNormal(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public HeNormal(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(2, "fan_in", "truncated_normal", seed, inputAxes, outputAxes);
  }
}
