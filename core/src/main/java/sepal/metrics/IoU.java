package sepal.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.losses.Samples;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/**
 * The overlap of labels and predictions divided by their union: the mean over some classes.
 *
 * @see "Keras 3.16, keras.metrics.IoU, BinaryIoU, MeanIoU, OneHotIoU and OneHotMeanIoU"
 */
final class IoU extends BuiltIn {
  private final List<Integer> targets;
  private final @Nullable Integer ignored;
  private final boolean sparseTrue;
  private final boolean sparsePred;
  private final int axis;
  private final @Nullable Double threshold;

  /** Weights by label and prediction. */
  private final double[][] counts;

  private IoU(
      Arguments arguments,
      int classes,
      List<Integer> targets,
      @Nullable Integer ignored,
      boolean sparseTrue,
      boolean sparsePred,
      int axis,
      @Nullable Double threshold) {
    super(arguments, Direction.UP);
    this.targets = targets;
    this.ignored = ignored;
    this.sparseTrue = sparseTrue;
    this.sparsePred = sparsePred;
    this.axis = axis;
    this.threshold = threshold;
    this.counts = new double[classes][classes];
    for (int target : targets) {
      if (target < 0 || target >= classes) {
        throw Problem.in(toString(), "there is no such class")
            .got("target_class_ids=" + targets)
            .expected("numbers from 0 to " + (classes - 1))
            .asInvalidArgument();
      }
    }
  }

  /**
   * @param all whether the mean is over all classes
   * @param oneHot whether labels are one-hot
   */
  static IoU read(Arguments a, boolean all, boolean oneHot) {
    int classes = a.required("num_classes");
    List<Integer> every = IntStream.range(0, classes).boxed().toList();
    List<Integer> targets = all ? every : a.integers("target_class_ids", every);
    Integer ignored = a.integer("ignore_class");
    boolean sparseTrue = !oneHot && a.flag("sparse_y_true", true);
    boolean sparsePred = a.flag("sparse_y_pred", !oneHot);
    int axis = a.integer("axis", -1);
    return new IoU(a, classes, targets, ignored, sparseTrue, sparsePred, axis, null);
  }

  static IoU binary(Arguments a) {
    List<Integer> targets = a.integers("target_class_ids", List.of(0, 1));
    return new IoU(a, 2, targets, null, true, true, -1, a.number("threshold", 0.5));
  }

  @Override
  public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Tensor labels = sparseTrue ? yTrue : argmax(yTrue);
    Tensor predictions = sparsePred ? yPred : argmax(yPred);
    if (labels.size() != predictions.size()) {
      Matches.sameShape(toString(), labels, predictions);
    }
    double[] weights = Samples.weights(sampleWeight, labels.shape());
    for (int i = 0; i < weights.length; i++) {
      double label = labels.get(i);
      if (ignored == null || label != ignored) {
        double p = predictions.get(i);
        double prediction = threshold == null ? p : p >= threshold ? 1 : 0;
        counts[number("label", label)][number("prediction", prediction)] += weights[i];
      }
    }
  }

  private int number(String what, double value) {
    if (!(value >= 0 && value < counts.length)) {
      throw Problem.in(toString(), "a " + what + " is not the number of a class")
          .got(value)
          .expected("an integer from 0 to " + (counts.length - 1))
          .asInvalidArgument();
    }
    return (int) value;
  }

  private Tensor argmax(Tensor x) {
    AxisGroups groups = AxisGroups.of(toString(), x.shape(), List.of(axis));
    double[] row = new double[groups.length()];
    double[] best = new double[groups.count()];
    for (int group = 0; group < best.length; group++) {
      groups.read(x::get, group, row);
      best[group] = Matches.argmax(row);
    }
    return Tensor.wrap(best, groups.shape());
  }

  @Override
  public Tensor values() {
    double sum = 0;
    int valid = 0;
    for (int target : targets) {
      double union = -counts[target][target];
      for (int other = 0; other < counts.length; other++) {
        union += counts[target][other] + counts[other][target];
      }
      sum += counts[target][target] / (union + KerasConfig.epsilon());
      valid += union > 1e-9 ? 1 : 0;
    }
    return scalar(sum / (valid + KerasConfig.epsilon()));
  }

  @Override
  public void reset() {
    for (double[] row : counts) {
      Arrays.fill(row, 0);
    }
  }
}
