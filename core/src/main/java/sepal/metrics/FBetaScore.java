package sepal.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.losses.Samples;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * The harmonic mean of precision and recall, which counts beta times as much.
 *
 * @see "Keras 3.16, keras.metrics.FBetaScore and F1Score"
 */
final class FBetaScore extends BuiltIn {
  private final String average;
  private final double beta;
  private final @Nullable Double threshold;
  private double[] truePositives = {};
  private double[] predicted = {};
  private double[] actual = {};

  private FBetaScore(Arguments arguments, String average, double beta, @Nullable Double threshold) {
    super(arguments, Direction.UP);
    this.average = average;
    this.beta = beta;
    this.threshold = threshold;
  }

  static FBetaScore read(Arguments a, boolean withBeta) {
    String average = a.choice("average", "None", "micro", "macro", "weighted");
    double beta = withBeta ? a.number("beta", 1) : 1;
    return new FBetaScore(a, average, beta, a.number("threshold"));
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Shape shape = yPred.shape();
    if (shape.rank() != 2 || !shape.equals(yTrue.shape())) {
      throw Problem.in(toString(), "labels and predictions must be matrices of one shape")
          .got("yTrue " + yTrue.shape() + ", yPred " + shape)
          .expected("(n, classes) both")
          .asInvalidArgument();
    }
    int classes = shape.get(1);
    if (truePositives.length != classes) {
      truePositives = new double[classes];
      predicted = new double[classes];
      actual = new double[classes];
    }
    double[] weights = Samples.weights(sampleWeight, shape);
    for (int start = 0; start < yPred.size(); start += classes) {
      double limit = threshold == null ? max(yPred, start, classes) : threshold;
      for (int c = 0; c < classes; c++) {
        double p = yPred.get(start + c);
        boolean positive = threshold == null ? p >= limit && Math.abs(p) > 1e-9 : p > limit;
        double weight = weights[start + c];
        double label = yTrue.get(start + c);
        truePositives[c] += positive ? weight * label : 0;
        predicted[c] += positive ? weight : 0;
        actual[c] += weight * label;
      }
    }
  }

  private static double max(Tensor x, int start, int size) {
    double max = x.get(start);
    for (int i = 1; i < size; i++) {
      max = Math.max(max, x.get(start + i));
    }
    return max;
  }

  private double score(double hits, double predictions, double labels) {
    double precision = hits / (predictions + KerasConfig.epsilon());
    double recall = hits / (labels + KerasConfig.epsilon());
    double square = beta * beta;
    return (1 + square)
        * precision
        * recall
        / (square * precision + recall + KerasConfig.epsilon());
  }

  @Override
  public Tensor values() {
    double sumOfLabels = sum(actual);
    if (average.equals("micro")) {
      return scalar(score(sum(truePositives), sum(predicted), sumOfLabels));
    }
    double[] scores = new double[truePositives.length];
    double mean = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = score(truePositives[c], predicted[c], actual[c]);
      mean +=
          average.equals("weighted")
              ? scores[c] * actual[c] / (sumOfLabels + KerasConfig.epsilon())
              : scores[c] / scores.length;
    }
    return average.equals("None") ? Tensor.wrap(scores, Shape.of(scores.length)) : scalar(mean);
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @Override
  public void reset() {
    truePositives = new double[0];
  }
}
