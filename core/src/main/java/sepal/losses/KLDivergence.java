package sepal.losses;

import org.jspecify.annotations.Nullable;
import sepal.config.KerasConfig;

/**
 * The sum of {@code y log(y / p)} along the last axis; labels and predictions are brought between
 * 1e-7 and 1.
 *
 * @see "Keras 3.16, keras.losses.KLDivergence"
 */
public record KLDivergence(String name, Reduction reduction) implements Groupwise {
  /** With Keras' defaults. */
  public KLDivergence() {
    this("kl_divergence", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public KLDivergence reduction(Reduction reduction) {
    return new KLDivergence(name, reduction);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double label = clip(y[i]);
      sum += label * Math.log(label / clip(p[i]));
      if (gradient != null) {
        gradient[i] = p[i] == clip(p[i]) ? -label / p[i] : 0;
      }
    }
    return sum;
  }

  private static double clip(double value) {
    return Math.min(Math.max(value, KerasConfig.epsilon()), 1);
  }
}
