package sepal.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.tensor.Tensor;

/**
 * The area under the curve that precision and recall, or the rates of true and false positives,
 * draw as the threshold moves.
 *
 * @see "Keras 3.16, keras.metrics.AUC"
 */
final class AUC extends BuiltIn {
  private final double[] thresholds;
  private final boolean even;
  private final boolean precisionRecall;
  private final String summation;
  private final boolean multiLabel;
  private final @Nullable Integer numLabels;
  private final @Nullable List<Double> labelWeights;
  private final boolean fromLogits;

  /** One, or one for each label; made at the first batch. */
  private final List<ConfusionCounts> counts = new ArrayList<>();

  private AUC(
      Arguments arguments,
      double[] thresholds,
      boolean even,
      boolean precisionRecall,
      String summation,
      boolean multiLabel,
      @Nullable Integer numLabels,
      @Nullable List<Double> labelWeights,
      boolean fromLogits) {
    super(arguments, Direction.UP);
    this.thresholds = thresholds;
    this.even = even;
    this.precisionRecall = precisionRecall;
    this.summation = summation;
    this.multiLabel = multiLabel;
    this.numLabels = numLabels;
    this.labelWeights = labelWeights;
    this.fromLogits = fromLogits;
  }

  static AUC read(Arguments a) {
    int number = a.positive("num_thresholds", 200);
    String curve = a.choice("curve", "ROC", "PR");
    String summation = a.choice("summation_method", "interpolation", "majoring", "minoring");
    boolean multiLabel = a.flag("multi_label", false);
    Integer numLabels = a.integer("num_labels");
    List<Double> labelWeights = a.numbers("label_weights");
    boolean fromLogits = a.flag("from_logits", false);
    List<Double> given = a.has("thresholds") ? a.thresholds() : null;
    double[] inner =
        given != null
            ? given.stream().mapToDouble(Double::doubleValue).sorted().toArray()
            : inner(Math.max(number, 2));
    double[] thresholds =
        DoubleStream.concat(
                DoubleStream.of(-KerasConfig.epsilon()),
                DoubleStream.concat(
                    Arrays.stream(inner), DoubleStream.of(1 + KerasConfig.epsilon())))
            .toArray();
    return new AUC(
        a,
        thresholds,
        isEven(thresholds),
        curve.equals("PR"),
        summation,
        multiLabel,
        numLabels,
        labelWeights,
        fromLogits);
  }

  private static double[] inner(int number) {
    return Arrays.copyOfRange(ConfusionCounts.even(number), 1, number - 1);
  }

  private static boolean isEven(double[] thresholds) {
    double[] steps = ConfusionCounts.even(thresholds.length);
    for (int i = 0; i < steps.length; i++) {
      if (Math.abs(thresholds[i] - steps[i]) > 2 * KerasConfig.epsilon()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    int columns = multiLabel ? yPred.shape().get(-1) : 1;
    if (multiLabel && (yPred.shape().rank() != 2 || (numLabels != null && numLabels != columns))) {
      throw Problem.in(toString(), "the predictions do not suit multi_label")
          .got("yPred " + yPred.shape())
          .expected("(n, " + (numLabels == null ? "labels" : numLabels) + ")")
          .asInvalidArgument();
    }
    while (counts.size() < columns) {
      counts.add(new ConfusionCounts(thresholds, even));
    }
    List<Double> weights = multiLabel ? null : labelWeights;
    ConfusionCounts.update(
        toString(),
        yTrue,
        yPred,
        sampleWeight,
        null,
        null,
        (column, label, prediction, weight) ->
            counts
                .get(multiLabel ? column : 0)
                .add(
                    label,
                    fromLogits ? 1 / (1 + Math.exp(-prediction)) : prediction,
                    weights == null ? weight : weight * weights.get(column)));
  }

  @Override
  public Tensor values() {
    double sum = 0;
    double sumOfWeights = 0;
    for (int label = 0; label < counts.size(); label++) {
      double weight = multiLabel && labelWeights != null ? labelWeights.get(label) : 1;
      sum += weight * area(counts.get(label));
      sumOfWeights += weight;
    }
    return scalar(divide(sum, sumOfWeights));
  }

  private double area(ConfusionCounts c) {
    boolean interpolation = summation.equals("interpolation");
    double area = 0;
    for (int t = 0; t + 1 < c.size(); t++) {
      if (precisionRecall && interpolation) {
        area += interpolated(c, t);
      } else {
        double left = y(c, t);
        double right = y(c, t + 1);
        double height =
            interpolation
                ? (left + right) / 2
                : summation.equals("minoring") ? Math.min(left, right) : Math.max(left, right);
        area += (x(c, t) - x(c, t + 1)) * height;
      }
    }
    return area;
  }

  private double x(ConfusionCounts c, int t) {
    return precisionRecall
        ? ConfusionMetric.recall(c, t)
        : divide(c.falsePositives[t], c.falsePositives[t] + c.trueNegatives[t]);
  }

  private double y(ConfusionCounts c, int t) {
    return precisionRecall ? ConfusionMetric.precision(c, t) : ConfusionMetric.recall(c, t);
  }

  /**
   * The area between two thresholds if true and false positives, rather than precision, change
   * evenly.
   *
   * @see "Davis and Goadrich: The relationship between precision-recall and ROC curves, ICML 2006"
   */
  private static double interpolated(ConfusionCounts c, int t) {
    double from = c.truePositives[t] + c.falsePositives[t];
    double to = c.truePositives[t + 1] + c.falsePositives[t + 1];
    double gained = c.truePositives[t] - c.truePositives[t + 1];
    double slope = divide(gained, Math.max(from - to, 0));
    double intercept = c.truePositives[t + 1] - slope * to;
    double ratio = from > 0 && to > 0 ? from / to : 1;
    double positives = Math.max(c.truePositives[t + 1] + c.falseNegatives[t + 1], 0);
    return divide(slope * (gained + intercept * Math.log(ratio)), positives);
  }

  @Override
  public void reset() {
    counts.clear();
  }
}
