package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x} above zero, {@code alpha * (exp(x / alpha) - 1)} below.
 *
 * @param alpha 1 unless given
 */
public record Celu(double alpha) implements Elementwise {
  /** With Keras' defaults. */
  public Celu() {
    this(1);
  }

  @Override
  public double valueAt(double x) {
    return x > 0 ? x : alpha * Math.expm1(x / alpha);
  }

  @Override
  public double slopeAt(double x) {
    return x > 0 ? 1 : Math.exp(x / alpha);
  }

  @Override
  public @Nullable String functionName() {
    return alpha == 1 ? "celu" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("alpha", alpha);
  }
}
