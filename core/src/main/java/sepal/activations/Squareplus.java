package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A smooth relu without exponentials: {@code (x + sqrt(x^2 + b)) / 2}.
 *
 * @param b the smoothness, 4 unless given
 */
public record Squareplus(double b) implements Elementwise {
  /** With Keras' defaults. */
  public Squareplus() {
    this(4);
  }

  @Override
  public double valueAt(double x) {
    return (x + Math.sqrt(x * x + b)) / 2;
  }

  @Override
  public double slopeAt(double x) {
    return (1 + x / Math.sqrt(x * x + b)) / 2;
  }

  @Override
  public @Nullable String functionName() {
    return b == 4 ? "squareplus" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("b", b);
  }
}
