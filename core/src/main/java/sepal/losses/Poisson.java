package sepal.losses;

import sepal.config.KerasConfig;

/**
 * The mean of {@code p - y log(p)} along the last axis.
 *
 * @see "Keras 3.16, keras.losses.Poisson"
 */
public record Poisson(String name, Reduction reduction) implements Elementwise {
  /** With Keras' defaults. */
  public Poisson() {
    this("poisson", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public Poisson reduction(Reduction reduction) {
    return new Poisson(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return p - y * Math.log(p + KerasConfig.epsilon());
  }

  @Override
  public double slopeAt(double y, double p) {
    return 1 - y / (p + KerasConfig.epsilon());
  }
}
