package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Zero between {@code -threshold} and {@code threshold}, else moved towards zero by it.
 *
 * @param threshold 0.5 unless given
 */
public record SoftShrink(double threshold) implements Elementwise {
  /** With Keras' defaults. */
  public SoftShrink() {
    this(0.5);
  }

  @Override
  public double valueAt(double x) {
    return Math.abs(x) <= threshold ? 0 : x - Math.copySign(threshold, x);
  }

  @Override
  public double slopeAt(double x) {
    return Math.abs(x) <= threshold ? 0 : 1;
  }

  @Override
  public @Nullable String functionName() {
    return threshold == 0.5 ? "soft_shrink" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("threshold", threshold);
  }
}
