package sepal.losses;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Draws embeddings of one class together and those of different classes apart: for each sample
 * {@code log(1 + sum(exp(positive)) * sum(exp(negative)))} over the cosine distances to all others.
 * Labels are the numbers of classes, (n); predictions are embeddings of length 1, (n, features).
 *
 * @param gamma the scale of the similarities, 80 unless given
 * @param margin the distance that is good enough, 0.4 unless given
 * @param removeDiagonal whether the distance of a sample to itself does not count; true unless
 *     given
 * @see "Keras 3.16, keras.losses.Circle"
 */
public record Circle(
    String name, Reduction reduction, double gamma, double margin, boolean removeDiagonal)
    implements BuiltIn {
  /** With Keras' defaults. */
  public Circle() {
    this("circle", Reduction.SUM_OVER_BATCH_SIZE, 80, 0.4, true);
  }

  /** With another reduction. */
  public Circle reduction(Reduction reduction) {
    return new Circle(name, reduction, gamma, margin, removeDiagonal);
  }

  /** With another gamma. */
  public Circle gamma(double gamma) {
    return new Circle(name, reduction, gamma, margin, removeDiagonal);
  }

  /** With another margin. */
  public Circle margin(double margin) {
    return new Circle(name, reduction, gamma, margin, removeDiagonal);
  }

  /** With the distances of samples to themselves left out, or not. */
  public Circle removeDiagonal(boolean removeDiagonal) {
    return new Circle(name, reduction, gamma, margin, removeDiagonal);
  }

  /** Samples without a loss do not count in the mean. */
  @Override
  public Tensor apply(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Samples samples = Samples.align(yTrue, yPred);
    Tensor values = call(samples.yTrue(), samples.yPred());
    boolean[] counts = new boolean[values.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = values.get(i) > 0;
    }
    return reduction.applyWhere(counts, values, sampleWeight);
  }

  @Override
  public Tensor call(Tensor yTrue, Tensor yPred) {
    int n = yPred.shape().get(0);
    if (yPred.shape().rank() != 2 || yTrue.size() != n) {
      throw Problem.in("Circle", "labels and embeddings do not go together")
          .got("yTrue " + yTrue.shape() + ", yPred " + yPred.shape())
          .expected("yTrue (n,), yPred (n, features)")
          .asInvalidArgument();
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = valueOf(i, yTrue, yPred, null);
    }
    return Tape.record(
        Tensor.wrap(values, Shape.of(n)).cast(yPred.dtype()),
        (upstream, needed) -> new @Nullable Tensor[] {gradient(upstream, yTrue, yPred)},
        yPred);
  }

  /**
   * The loss of sample {@code i}, and its gradient by the similarities to all samples.
   *
   * @param gradient to be filled, unless null
   */
  private double valueOf(int i, Tensor yTrue, Tensor yPred, double @Nullable [] gradient) {
    int n = yTrue.size();
    double[] positive = new double[n];
    double[] negative = new double[n];
    double[] distance = new double[n];
    Arrays.fill(positive, Double.NEGATIVE_INFINITY);
    Arrays.fill(negative, Double.NEGATIVE_INFINITY);
    for (int j = 0; j < n; j++) {
      double d = Math.max(1 - similarity(i, j, yPred), 0);
      distance[j] = d;
      if (yTrue.get(i) != yTrue.get(j)) {
        negative[j] = gamma * Math.max(1 + margin - d, 0) * (1 - margin - d);
      } else if (i != j || !removeDiagonal) {
        positive[j] = -gamma * (margin + d) * (margin - d);
      }
    }
    double near = Probabilities.logSumExp(positive);
    double far = Probabilities.logSumExp(negative);
    double sum = near + far;
    if (gradient != null) {
      double slope = Probabilities.sigmoid(sum);
      for (int j = 0; j < n; j++) {
        double d = distance[j];
        double ofPositive =
            positive[j] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(positive[j] - near);
        double ofNegative =
            negative[j] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(negative[j] - far);
        double byDistance =
            ofPositive * 2 * gamma * d + ofNegative * (d < 1 + margin ? 2 * gamma * (d - 1) : 0);
        gradient[j] = d > 0 ? -slope * byDistance : 0;
      }
    }
    return Math.max(sum, 0) + Math.log1p(Math.exp(-Math.abs(sum)));
  }

  private static double similarity(int i, int j, Tensor yPred) {
    int features = yPred.shape().get(1);
    double sum = 0;
    for (int k = 0; k < features; k++) {
      sum += yPred.get(i * features + k) * yPred.get(j * features + k);
    }
    return sum;
  }

  private Tensor gradient(Tensor upstream, Tensor yTrue, Tensor yPred) {
    int n = yPred.shape().get(0);
    int features = yPred.shape().get(1);
    double[] gradient = new double[yPred.size()];
    double[] bySimilarity = new double[n];
    for (int i = 0; i < n; i++) {
      valueOf(i, yTrue, yPred, bySimilarity);
      for (int j = 0; j < n; j++) {
        double g = upstream.get(i) * bySimilarity[j];
        for (int k = 0; k < features; k++) {
          gradient[i * features + k] += g * yPred.get(j * features + k);
          gradient[j * features + k] += g * yPred.get(i * features + k);
        }
      }
    }
    return Tensor.wrap(gradient, yPred.shape()).cast(yPred.dtype());
  }
}
