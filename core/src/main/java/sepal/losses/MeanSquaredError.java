package sepal.losses;

/**
 * The mean of {@code (y - p)^2} along the last axis.
 *
 * @see "Keras 3.16, keras.losses.MeanSquaredError"
 */
public record MeanSquaredError(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public MeanSquaredError() {
    this("mean_squared_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public MeanSquaredError reduction(Reduction reduction) {
    return new MeanSquaredError(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return (p - y) * (p - y);
  }

  @Override
  public double slopeAt(double y, double p) {
    return 2 * (p - y);
  }
}
