package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Zero between {@code -threshold} and {@code threshold}, else {@code x}.
 *
 * @param threshold 0.5 unless given
 */
public record HardShrink(double threshold) implements Elementwise {
  /** With Keras' defaults. */
  public HardShrink() {
    this(0.5);
  }

  @Override
  public double valueAt(double x) {
    return Math.abs(x) <= threshold ? 0 : x;
  }

  @Override
  public double slopeAt(double x) {
    return Math.abs(x) <= threshold ? 0 : 1;
  }

  @Override
  public @Nullable String functionName() {
    return threshold == 0.5 ? "hard_shrink" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("threshold", threshold);
  }
}
