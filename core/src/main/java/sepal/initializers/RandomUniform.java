package sepal.initializers;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;

/** Uniform values. */
public final class RandomUniform extends RandomInitializer {
  private final double minval;
  private final double maxval;

  /** With Keras' defaults. */
  public RandomUniform() {
    this(-0.05, 0.05);
  }

  /**
   * @param minval the lower limit, -0.05 unless given
   * @param maxval the upper limit, 0.05 unless given
   */
  public RandomUniform(double minval, double maxval) {
    this(minval, maxval, null);
  }

  /** With the same values every time. */
  public RandomUniform(double minval, double maxval, long seed) {
    this(minval, maxval, (Long) seed);
  }

  RandomUniform(double minval, double maxval, @Nullable Long seed) {
    super(seed);
    this.minval = minval;
    this.maxval = maxval;
  }

  @Override
  DoubleSupplier values(Shape shape, RandomStream random) {
    return () -> minval + (maxval - minval) * random.uniform();
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("minval", minval);
    config.put("maxval", maxval);
    return config;
  }
}
