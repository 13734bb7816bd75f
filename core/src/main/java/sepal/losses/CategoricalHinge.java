package sepal.losses;

import org.jspecify.annotations.Nullable;

/**
 * {@code max(neg - pos + 1, 0)}, where {@code pos = sum(y p)} and {@code neg = max((1 - y) p)}
 * along the last axis.
 *
 * @see "Keras 3.16, keras.losses.CategoricalHinge"
 */
public record CategoricalHinge(String name, Reduction reduction) implements Groupwise {
  /** With Keras' defaults. */
  public CategoricalHinge() {
    this("categorical_hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public CategoricalHinge reduction(Reduction reduction) {
    return new CategoricalHinge(name, reduction);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    double right = 0;
    int worst = 0;
    for (int i = 0; i < p.length; i++) {
      right += y[i] * p[i];
      if ((1 - y[i]) * p[i] > (1 - y[worst]) * p[worst]) {
        worst = i;
      }
    }
    double value = Math.max((1 - y[worst]) * p[worst] - right + 1, 0);
    if (gradient != null) {
      for (int i = 0; i < p.length; i++) {
        gradient[i] = value > 0 ? (i == worst ? 1 - y[i] : 0) - y[i] : 0;
      }
    }
    return value;
  }
}
