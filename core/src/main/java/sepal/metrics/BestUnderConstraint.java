package sepal.metrics;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/** The best value of one share among the thresholds at which another is great enough. */
final class BestUnderConstraint extends BuiltIn {
  private final ConfusionCounts counts;
  private final double least;
  private final @Nullable Integer classId;
  private final BiFunction<ConfusionCounts, Integer, Double> constrained;
  private final BiFunction<ConfusionCounts, Integer, Double> wanted;

  private BestUnderConstraint(
      Arguments arguments,
      double least,
      int thresholds,
      @Nullable Integer classId,
      BiFunction<ConfusionCounts, Integer, Double> constrained,
      BiFunction<ConfusionCounts, Integer, Double> wanted) {
    super(arguments, Direction.UP);
    this.counts =
        thresholds == 1
            ? new ConfusionCounts(new double[] {0.5}, false)
            : new ConfusionCounts(ConfusionCounts.even(thresholds), true);
    this.least = least;
    this.classId = classId;
    this.constrained = constrained;
    this.wanted = wanted;
  }

  /**
   * @param key the argument that says what the constrained share must reach
   */
  static BestUnderConstraint read(
      Arguments a,
      String key,
      BiFunction<ConfusionCounts, Integer, Double> constrained,
      BiFunction<ConfusionCounts, Integer, Double> wanted) {
    Integer classId = a.integer("class_id");
    int thresholds = a.positive("num_thresholds", 200);
    return new BestUnderConstraint(
        a, a.requiredShare(key), thresholds, classId, constrained, wanted);
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    ConfusionCounts.update(
        toString(),
        yTrue,
        yPred,
        sampleWeight,
        null,
        classId,
        (column, label, prediction, weight) -> counts.add(label, prediction, weight));
  }

  @Override
  public Tensor values() {
    double best = 0;
    for (int t = 0; t < counts.size(); t++) {
      if (constrained.apply(counts, t) >= least) {
        best = Math.max(best, wanted.apply(counts, t));
      }
    }
    return scalar(best);
  }

  @Override
  public void reset() {
    counts.reset();
  }
}
