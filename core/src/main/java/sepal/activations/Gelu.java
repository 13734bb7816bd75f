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

  /** With Keras' defaults. */
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
  public double slopeAt(double x) {
    if (!approximate) {
      return Smooth.normalCdf(x) + x * Smooth.normalDensity(x);
    }
    double tanh = Math.tanh(TANH_SCALE * (x + 0.044715 * x * x * x));
    double inner = TANH_SCALE * (1 + 3 * 0.044715 * x * x);
    return 0.5 * (1 + tanh + x * (1 - tanh * tanh) * inner);
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
