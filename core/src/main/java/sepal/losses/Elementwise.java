package sepal.losses;

import org.jspecify.annotations.Nullable;

/** A loss that looks at each prediction alone, and takes the mean along an axis. */
interface Elementwise extends Groupwise {

  /** The loss of prediction {@code p} where {@code y} is right. */
  double valueAt(double y, double p);

  /** The derivative by {@code p}. */
  double slopeAt(double y, double p);

  @Override
  default double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += valueAt(y[i], p[i]);
      if (gradient != null) {
        gradient[i] = slopeAt(y[i], p[i]) / p.length;
      }
    }
    return sum / p.length;
  }
}
