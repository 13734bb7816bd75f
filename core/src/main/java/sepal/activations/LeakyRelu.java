package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x} above zero, {@code negativeSlope * x} below.
 *
 * @param negativeSlope 0.2 unless given; the layer LeakyReLU has 0.3
 */
public record LeakyRelu(double negativeSlope) implements Elementwise {
  /** With Keras' defaults. */
  public LeakyRelu() {
    this(0.2);
  }

  @Override
  public double valueAt(double x) {
    return x >= 0 ? x : negativeSlope * x;
  }

  @Override
  public double slopeAt(double x) {
    return x > 0 ? 1 : negativeSlope;
  }

  @Override
  public @Nullable String functionName() {
    return negativeSlope == 0.2 ? "leaky_relu" : null;
  }

  @Override
  public String className() {
    return "LeakyReLU";
  }

  @Override
  public String module() {
    return "keras.layers";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("negative_slope", negativeSlope);
  }
}
