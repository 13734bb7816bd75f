package sepal.losses;

/**
 * The mean of {@code |y - p|} along the last axis.
 *
 * @see "Keras 3.16, keras.losses.MeanAbsoluteError"
 */
public record MeanAbsoluteError(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public MeanAbsoluteError() {
    this("mean_absolute_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public MeanAbsoluteError reduction(Reduction reduction) {
    return new MeanAbsoluteError(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return Math.abs(p - y);
  }

  @Override
  public double slopeAt(double y, double p) {
    return Math.signum(p - y);
  }
}
