package sepal.activations;

/** The functions behind several activations, written so that no value overflows on the way. */
final class Smooth {
  private Smooth() {}

  static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  /** The derivative of {@link #sigmoid}. */
  static double sigmoidSlope(double x) {
    return sigmoid(x) * sigmoid(-x);
  }

  /** The derivative of {@code tanh}. */
  static double tanhSlope(double x) {
    double tanh = Math.tanh(x);
    return (1 - tanh) * (1 + tanh);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** The normal distribution's probability of a value below {@code x}. */
  static double normalCdf(double x) {
    double tail = upperTail(Math.abs(x));
    return x > 0 ? 1 - tail : tail;
  }

  static double normalDensity(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The probability of a value above {@code x >= 0}: near the middle from the series whose terms
   * are all positive, further out from Laplace's continued fraction. Both are good to about 1e-15.
   */
  private static double upperTail(double x) {
    double density = normalDensity(x);
    if (x < 2.5) {
      double term = x;
      double sum = x;
      for (int n = 3; term > sum * 1e-17; n += 2) {
        term *= x * x / n;
        sum += term;
      }
      return 0.5 - density * sum;
    }
    double fraction = x;
    for (int n = 80; n > 0; n--) {
      fraction = x + n / fraction;
    }
    return density / fraction;
  }
}
