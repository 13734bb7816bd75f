package sepal.activations;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x} above the threshold, else a fixed value.
 *
 * @param threshold what {@code x} must exceed
 * @param defaultValue what replaces it otherwise
 */
public record Threshold(double threshold, double defaultValue) implements Elementwise {
  @Override
  public double valueAt(double x) {
    return x <= threshold ? defaultValue : x;
  }

  @Override
  public double slopeAt(double x) {
    return x <= threshold ? 0 : 1;
  }

  /** Null: Keras' function has no defaults and so cannot be named. */
  @Override
  public @Nullable String functionName() {
    return null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("threshold", threshold);
    config.put("default_value", defaultValue);
    return config;
  }
}
