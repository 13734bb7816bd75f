package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x} times the normal probability of a value below {@code x}.
 *
 * @param approximate true for the approximation by tanh, false unless given
 */
public record Gelu(boolean approximate) implements Elementwise {
  private static final double TANH_SCALE = Math.sqrt(2 / Math.PI);

  public Gelu() {
    this(false);
  }

  @Override
  public double valueAt(double x) {
    return approximate
        ? 0.5 * x * (1 + Math.tanh(TANH_SCALE * (x + 0.044715 * x * x * x)))
        : x * Smooth.normalCdf(x);
  }

  @Override
  public @Nullable String functionName() {
    return !approximate ? "gelu" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("approximate", approximate);
  }
}
