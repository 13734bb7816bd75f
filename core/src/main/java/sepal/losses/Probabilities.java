package sepal.losses;

import org.jspecify.annotations.Nullable;
import sepal.config.KerasConfig;

/** The crossentropy between labels and predictions, and what it is made of. */
final class Probabilities {
  /** What Keras' float32 makes of {@code 1 - 1e-7}: the difference shows in its logarithm. */
  static double almostOne() {
    return (float) (1 - KerasConfig.epsilon());
  }

  private Probabilities() {}

  /** Away from 0 and 1, as far as logarithms need it. */
  static double clip(double p) {
    return Math.min(Math.max(p, KerasConfig.epsilon()), almostOne());
  }

  static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  static double[] softmax(double[] x) {
    double shift = logSumExp(x);
    double[] p = new double[x.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(x[i] - shift);
    }
    return p;
  }

  /** The logarithm of {@code sum(exp(x))}; minus infinity if there is nothing to sum. */
  static double logSumExp(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  /** {@code -sum(y log(p))}, and its gradient by {@code p} or by the logits that p came from. */
  static double crossentropy(
      double[] y, double[] p, boolean fromLogits, double @Nullable [] gradient) {
    return fromLogits ? ofLogits(y, p, gradient) : ofProbabilities(y, p, gradient);
  }

  private static double ofLogits(double[] y, double[] x, double @Nullable [] gradient) {
    double shift = logSumExp(x);
    double value = 0;
    double weight = 0;
    for (int i = 0; i < x.length; i++) {
      value -= y[i] == 0 ? 0 : y[i] * (x[i] - shift);
      weight += y[i];
    }
    if (gradient != null) {
      for (int i = 0; i < x.length; i++) {
        gradient[i] = weight * Math.exp(x[i] - shift) - y[i];
      }
    }
    return value;
  }

  private static double ofProbabilities(double[] y, double[] p, double @Nullable [] gradient) {
    double sum = sum(p);
    double value = 0;
    for (int i = 0; i < p.length; i++) {
      double share = p[i] / sum;
      double clipped = clip(share);
      value -= y[i] * Math.log(clipped);
      if (gradient != null) {
        gradient[i] = share == clipped ? -y[i] / share : 0;
      }
    }
    if (gradient != null) {
      throughShares(p, sum, gradient);
    }
    return value;
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Turns the gradient by the shares {@code p / sum(p)} into that by {@code p}. */
  static void throughShares(double[] p, double sum, double[] gradient) {
    double mean = 0;
    for (int i = 0; i < p.length; i++) {
      mean += gradient[i] * p[i] / sum;
    }
    for (int i = 0; i < p.length; i++) {
      gradient[i] = (gradient[i] - mean) / sum;
    }
  }

  /** Turns the gradient by the probabilities {@code softmax(x)} into that by {@code x}. */
  static void throughSoftmax(double[] p, double[] gradient) {
    double mean = 0;
    for (int i = 0; i < p.length; i++) {
      mean += gradient[i] * p[i];
    }
    for (int i = 0; i < p.length; i++) {
      gradient[i] = p[i] * (gradient[i] - mean);
    }
  }
}
