package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x} above zero, {@code alpha * (exp(x) - 1)} below.
 *
 * @param alpha 1 unless given
 */
public record Elu(double alpha) implements Elementwise {
  /** With Keras' defaults. */
  public Elu() {
    this(1);
  }

  @Override
  public double valueAt(double x) {
    return x > 0 ? x : alpha * Math.expm1(x);
  }

  @Override
  public double slopeAt(double x) {
    return x > 0 ? 1 : alpha * Math.exp(x);
  }

  @Override
  public @Nullable String functionName() {
    return alpha == 1 ? "elu" : null;
  }

  @Override
  public String className() {
    return "ELU";
  }

  @Override
  public String module() {
    return "keras.layers";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("alpha", alpha);
  }
}
