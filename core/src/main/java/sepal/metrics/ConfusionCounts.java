package sepal.metrics;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.losses.Samples;
import sepal.tensor.Tensor;

/**
 * The weights of predictions that are right or wrong, above or below each of some thresholds.
 *
 * @see "Keras 3.16, keras.src.metrics.metrics_utils.update_confusion_matrix_variables"
 */
final class ConfusionCounts {
  /** Below every prediction, but for those that are not among the top k. */
  static final double LOWEST = -1e10;

  private final double[] thresholds;
  private final boolean even;
  final double[] truePositives;
  final double[] falsePositives;
  final double[] trueNegatives;
  final double[] falseNegatives;

  /**
   * @param even whether the thresholds but for the end points are those of equal steps from 0 to 1;
   *     predictions are then brought between these
   */
  ConfusionCounts(double[] thresholds, boolean even) {
    this.thresholds = thresholds;
    this.even = even;
    truePositives = new double[thresholds.length];
    falsePositives = new double[thresholds.length];
    trueNegatives = new double[thresholds.length];
    falseNegatives = new double[thresholds.length];
  }

  int size() {
    return thresholds.length;
  }

  void reset() {
    for (double[] counts : List.of(truePositives, falsePositives, trueNegatives, falseNegatives)) {
      Arrays.fill(counts, 0);
    }
  }

  /** Takes in one prediction. */
  void add(boolean label, double prediction, double weight) {
    int above = even ? evenThresholdsBelow(prediction) : -1;
    for (int t = 0; t < thresholds.length; t++) {
      boolean positive = even ? t < above : prediction > thresholds[t];
      if (label) {
        (positive ? truePositives : falseNegatives)[t] += weight;
      } else {
        (positive ? falsePositives : trueNegatives)[t] += weight;
      }
    }
  }

  /** Computed as Keras does, so that predictions on a threshold fall on the same side. */
  private int evenThresholdsBelow(double prediction) {
    double clipped = Math.min(Math.max(prediction, 0), 1);
    int below = (int) Math.ceil((float) (clipped * (thresholds.length - 1)));
    return thresholds[0] < 0 ? Math.max(below, 1) : below;
  }

  /** Takes in a batch. */
  static void update(
      String where,
      Tensor yTrue,
      Tensor yPred,
      @Nullable Tensor sampleWeight,
      @Nullable Integer topK,
      @Nullable Integer classId,
      Sink sink) {
    Samples samples = Samples.align(yTrue, yPred);
    Tensor labels = samples.yTrue();
    Tensor predictions = samples.yPred();
    Matches.sameShape(where, labels, predictions);
    double[] weights = Samples.weights(sampleWeight, predictions.shape());
    int last = predictions.shape().rank() == 0 ? 1 : predictions.shape().get(-1);
    if (classId != null && (classId < 0 || classId >= last || predictions.shape().rank() < 2)) {
      throw Problem.in(where, "there is no such class")
          .got("class_id=" + classId + " for predictions " + predictions.shape())
          .expected("predictions (n, classes), and a class below their number")
          .asInvalidArgument();
    }
    double[] row = new double[last];
    for (int i = 0; i < weights.length; i++) {
      int column = i % last;
      if (column == 0) {
        for (int k = 0; k < last; k++) {
          row[k] = predictions.get(i + k);
        }
        if (topK != null) {
          keepTop(row, topK);
        }
      }
      if (classId == null || classId == column) {
        sink.add(column, labels.get(i) != 0, row[column], weights[i]);
      }
    }
  }

  /** What a batch is poured into. */
  @FunctionalInterface
  interface Sink {
    void add(int column, boolean label, double prediction, double weight);
  }

  private static void keepTop(double[] row, int k) {
    Integer[] order = new Integer[row.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(row[b], row[a]));
    for (int i = k; i < order.length; i++) {
      row[order[i]] = LOWEST;
    }
  }

  /** {@code steps} numbers from 0 to 1. */
  static double[] even(int steps) {
    double[] thresholds = new double[steps];
    Arrays.setAll(thresholds, i -> (double) i / (steps - 1));
    return thresholds;
  }
}
