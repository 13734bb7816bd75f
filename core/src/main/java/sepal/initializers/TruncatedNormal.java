package sepal.initializers;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;

/** Normal values; those more than two standard deviations from the mean are drawn again. */
public final class TruncatedNormal extends RandomInitializer {
  private final double mean;
  private final double stddev;

  /** With Keras' defaults. */
  public TruncatedNormal() {
    this(0, 0.05);
  }

  /**
   * @param mean the mean, 0 unless given
   * @param stddev the standard deviation before truncation, 0.05 unless given
   */
  public TruncatedNormal(double mean, double stddev) {
    this(mean, stddev, null);
  }

  /** With the same values every time. */
  public TruncatedNormal(double mean, double stddev, long seed) {
    this(mean, stddev, (Long) seed);
  }

  TruncatedNormal(double mean, double stddev, @Nullable Long seed) {
    super(seed);
    this.mean = mean;
    this.stddev = stddev;
  }

  @Override
  DoubleSupplier values(Shape shape, RandomStream random) {
    return () -> mean + stddev * random.truncatedNormal();
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("mean", mean);
    config.put("stddev", stddev);
    return config;
  }
}
