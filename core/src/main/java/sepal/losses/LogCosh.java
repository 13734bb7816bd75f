package sepal.losses;

/**
 * The mean of {@code log(cosh(p - y))} along the last axis.
 *
 * @see "Keras 3.16, keras.losses.LogCosh"
 */
public record LogCosh(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public LogCosh() {
    this("log_cosh", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public LogCosh reduction(Reduction reduction) {
    return new LogCosh(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    double distance = Math.abs(p - y);
    return distance + Math.log1p(Math.exp(-2 * distance)) - Math.log(2);
  }

  @Override
  public double slopeAt(double y, double p) {
    return Math.tanh(p - y);
  }
}
