package sepal.losses;

import sepal.config.KerasConfig;

/**
 * The mean of {@code 100 |y - p| / |y|} along the last axis.
 *
 * @see "Keras 3.16, keras.losses.MeanAbsolutePercentageError"
 */
public record MeanAbsolutePercentageError(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public MeanAbsolutePercentageError() {
    this("mean_absolute_percentage_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public MeanAbsolutePercentageError reduction(Reduction reduction) {
    return new MeanAbsolutePercentageError(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return 100 * Math.abs(p - y) / Math.max(Math.abs(y), KerasConfig.epsilon());
  }

  @Override
  public double slopeAt(double y, double p) {
    return 100 * Math.signum(p - y) / Math.max(Math.abs(y), KerasConfig.epsilon());
  }
}
