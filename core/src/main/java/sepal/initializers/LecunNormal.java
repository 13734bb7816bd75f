package sepal.initializers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Truncated normal with variance 1 / fan-in. */
public final class LecunNormal extends VarianceScaling {
  /** With Keras' defaults. */
  public LecunNormal() {
    this(null, null, null);
  }

  /** With the same values every time. */
  public LecunNormal(long seed) {
    this(seed, null, null);
  }

  /** With other axes than usual; see {@link VarianceScaling}. */
  public LecunNormal(
      @Nullable Long seed, @Nullable List<Integer> inputAxes, @Nullable List<Integer> outputAxes) {
    super(1, "fan_in", "truncated_normal", seed, inputAxes, outputAxes);
  }
}
