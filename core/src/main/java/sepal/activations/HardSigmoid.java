package sepal.activations;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A straight line through (0, 0.5), between 0 and 1.
 *
 * @param slope the slope of the line: {@code KERAS_3} has 1/6, {@code KERAS_2} had 0.2
 */
public record HardSigmoid(double slope) implements Elementwise {
  /** What {@code hard_sigmoid} means in Keras 3. */
  public static final HardSigmoid KERAS_3 = new HardSigmoid(1.0 / 6);

  /** What {@code hard_sigmoid} means in a file that Keras 2 or 1 wrote. */
  public static final HardSigmoid KERAS_2 = new HardSigmoid(0.2);

  @Override
  public double valueAt(double x) {
    return Math.min(Math.max(slope * x + 0.5, 0), 1);
  }

  @Override
  public double slopeAt(double x) {
    double line = slope * x + 0.5;
    return line > 0 && line < 1 ? slope : 0;
  }

  @Override
  public @Nullable String functionName() {
    return equals(KERAS_3) ? "hard_sigmoid" : null;
  }

  /** Not Keras': a reader must not take it for Keras 3's function. */
  @Override
  public String module() {
    return "sepal.activations";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("slope", slope);
  }
}
