package sepal.initializers;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;

/** Normal values. */
public final class RandomNormal extends RandomInitializer {
  private final double mean;
  private final double stddev;

  /** With Keras' defaults. */
  public RandomNormal() {
    this(0, 0.05);
  }

  /**
   * @param mean the mean, 0 unless given
   * @param stddev the standard deviation, 0.05 unless given
   */
  public RandomNormal(double mean, double stddev) {
    this(mean, stddev, null);
  }

  /** With the same values every time. */
  public RandomNormal(double mean, double stddev, long seed) {
    this(mean, stddev, (Long) seed);
  }

  RandomNormal(double mean, double stddev, @Nullable Long seed) {
    super(seed);
    this.mean = mean;
    this.stddev = stddev;
  }

  @Override
  DoubleSupplier values(Shape shape, RandomStream random) {
    return () -> mean + stddev * random.normal();
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("mean", mean);
    config.put("stddev", stddev);
    return config;
  }
}
