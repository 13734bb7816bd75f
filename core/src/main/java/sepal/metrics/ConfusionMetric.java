package sepal.metrics;

import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A number for each threshold, computed from how many predictions are right and wrong: precision,
 * recall, and the counts themselves.
 */
final class ConfusionMetric extends BuiltIn {
  private final ConfusionCounts counts;
  private final @Nullable Integer topK;
  private final @Nullable Integer classId;
  private final BiFunction<ConfusionCounts, Integer, Double> formula;

  private ConfusionMetric(
      Arguments arguments,
      Direction direction,
      @Nullable List<Double> thresholds,
      @Nullable Integer topK,
      @Nullable Integer classId,
      BiFunction<ConfusionCounts, Integer, Double> formula) {
    super(arguments, direction);
    double otherwise = topK == null ? 0.5 : ConfusionCounts.LOWEST;
    List<Double> values = thresholds == null ? List.of(otherwise) : thresholds;
    this.counts =
        new ConfusionCounts(values.stream().mapToDouble(Double::doubleValue).toArray(), false);
    this.topK = topK;
    this.classId = classId;
    this.formula = formula;
  }

  /**
   * @param formula of the counts and the number of the threshold
   */
  static ConfusionMetric share(Arguments a, BiFunction<ConfusionCounts, Integer, Double> formula) {
    return new ConfusionMetric(
        a, Direction.UP, a.thresholds(), a.integer("top_k"), a.integer("class_id"), formula);
  }

  /**
   * @param formula of the counts and the number of the threshold
   */
  static ConfusionMetric count(
      Arguments a, Direction direction, BiFunction<ConfusionCounts, Integer, Double> formula) {
    return new ConfusionMetric(a, direction, a.thresholds(), null, null, formula);
  }

  static double precision(ConfusionCounts c, int t) {
    return divide(c.truePositives[t], c.truePositives[t] + c.falsePositives[t]);
  }

  static double recall(ConfusionCounts c, int t) {
    return divide(c.truePositives[t], c.truePositives[t] + c.falseNegatives[t]);
  }

  static double specificity(ConfusionCounts c, int t) {
    return divide(c.trueNegatives[t], c.trueNegatives[t] + c.falsePositives[t]);
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    ConfusionCounts.update(
        toString(),
        yTrue,
        yPred,
        sampleWeight,
        topK,
        classId,
        (column, label, prediction, weight) -> counts.add(label, prediction, weight));
  }

  @Override
  public Tensor values() {
    double[] values = new double[counts.size()];
    for (int t = 0; t < values.length; t++) {
      values[t] = formula.apply(counts, t);
    }
    return values.length == 1 ? scalar(values[0]) : Tensor.wrap(values, Shape.of(values.length));
  }

  @Override
  public void reset() {
    counts.reset();
  }
}
