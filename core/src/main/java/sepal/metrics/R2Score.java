package sepal.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.losses.Samples;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * The share of the labels' variance that the predictions explain.
 *
 * @see "Keras 3.16, keras.metrics.R2Score"
 */
final class R2Score extends BuiltIn {
  private final String aggregation;
  private final int regressors;
  private double[] sum = {};
  private double[] squares = {};
  private double[] residuals = {};
  private double[] count = {};
  private double samples;

  R2Score(Arguments a) {
    this(
        a,
        a.choice("class_aggregation", "uniform_average", "variance_weighted_average", "None"),
        a.integer("num_regressors", 0));
  }

  private R2Score(Arguments arguments, String aggregation, int regressors) {
    super(arguments, Direction.UP);
    this.aggregation = aggregation;
    this.regressors = regressors;
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Samples aligned = Samples.align(yTrue, yPred);
    Matches.sameShape(toString(), aligned.yTrue(), aligned.yPred());
    Shape shape = aligned.yPred().shape();
    int columns = shape.rank() < 2 ? 1 : shape.get(-1);
    if (sum.length != columns) {
      sum = new double[columns];
      squares = new double[columns];
      residuals = new double[columns];
      count = new double[columns];
    }
    double[] weights = Samples.weights(sampleWeight, shape);
    for (int i = 0; i < weights.length; i++) {
      double y = aligned.yTrue().get(i);
      double residual = y - aligned.yPred().get(i);
      sum[i % columns] += weights[i] * y;
      squares[i % columns] += weights[i] * y * y;
      residuals[i % columns] += weights[i] * residual * residual;
      count[i % columns] += weights[i];
    }
    samples += weights.length;
  }

  @Override
  public Tensor values() {
    double[] scores = new double[sum.length];
    double[] variances = new double[sum.length];
    double weighted = 0;
    for (int c = 0; c < scores.length; c++) {
      variances[c] = squares[c] - sum[c] * sum[c] / count[c];
      double score = 1 - residuals[c] / variances[c];
      scores[c] = Double.isInfinite(score) ? 0 : score;
      weighted += variances[c] * scores[c];
    }
    double[] results =
        switch (aggregation) {
          case "None" -> scores;
          case "uniform_average" -> new double[] {divide(sum(scores), scores.length)};
          default -> new double[] {divide(weighted, sum(variances))};
        };
    double[] adjusted = Arrays.stream(results).map(this::adjust).toArray();
    return adjusted.length == 1
        ? scalar(adjusted[0])
        : Tensor.wrap(adjusted, Shape.of(adjusted.length));
  }

  /** As it is where there are too few samples for the number of regressors. */
  private double adjust(double score) {
    boolean adjusts = regressors != 0 && regressors < samples - 1;
    return adjusts ? 1 - (1 - score) * (samples - 1) / (samples - regressors - 1) : score;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @Override
  public void reset() {
    sum = new double[0];
    samples = 0;
  }
}
