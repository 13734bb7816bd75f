package sepal.losses;

import sepal.config.KerasConfig;

/**
 * The mean of {@code (log(y + 1) - log(p + 1))^2} along the last axis; what is below 1e-7 counts as
 * 1e-7.
 *
 * @see "Keras 3.16, keras.losses.MeanSquaredLogarithmicError"
 */
public record MeanSquaredLogarithmicError(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public MeanSquaredLogarithmicError() {
    this("mean_squared_logarithmic_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public MeanSquaredLogarithmicError reduction(Reduction reduction) {
    return new MeanSquaredLogarithmicError(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return difference(y, p) * difference(y, p);
  }

  @Override
  public double slopeAt(double y, double p) {
    return p < KerasConfig.epsilon() ? 0 : 2 * difference(y, p) / (p + 1);
  }

  private static double difference(double y, double p) {
    return Math.log1p(Math.max(p, KerasConfig.epsilon()))
        - Math.log1p(Math.max(y, KerasConfig.epsilon()));
  }
}
