package sepal.metrics;

import java.util.List;
import sepal.check.Problem;
import sepal.shape.AxisGroups;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** For each sample, whether or how far the prediction is right: between 0 and 1. */
final class Matches {
  private Matches() {}

  /** How many predictions along the last axis equal their labels. */
  static Tensor equal(Tensor yTrue, Tensor yPred) {
    return meanOf("Accuracy", yTrue, yPred, (y, p) -> y == p);
  }

  /** How many predictions along the last axis are on the side of the threshold of their labels. */
  static Tensor binary(Tensor yTrue, Tensor yPred, double threshold) {
    double limit = yPred.dtype() == DType.FLOAT32 ? (float) threshold : threshold;
    return meanOf("BinaryAccuracy", yTrue, yPred, (y, p) -> y == (p > limit ? 1 : 0));
  }

  @FunctionalInterface
  private interface Test {
    boolean test(double y, double p);
  }

  private static Tensor meanOf(String where, Tensor yTrue, Tensor yPred, Test test) {
    sameShape(where, yTrue, yPred);
    Shape shape = yPred.shape();
    int last = shape.get(-1);
    double[] means = new double[last == 0 ? 0 : yPred.size() / last];
    for (int i = 0; i < yPred.size(); i++) {
      means[i / last] += test.test(yTrue.get(i), yPred.get(i)) ? 1 : 0;
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= last;
    }
    return Tensor.wrap(means, shape.slice(0, shape.rank() - 1));
  }

  /** Whether the label is among the {@code k} greatest predictions along the last axis. */
  static Tensor categorical(Tensor yTrue, Tensor yPred, int k) {
    sameShape("CategoricalAccuracy", yTrue, yPred);
    AxisGroups groups = AxisGroups.of("CategoricalAccuracy", yTrue.shape(), List.of(-1));
    double[] row = new double[groups.length()];
    double[] labels = new double[groups.count()];
    for (int group = 0; group < labels.length; group++) {
      groups.read(yTrue::get, group, row);
      labels[group] = argmax(row);
    }
    return sparse(Tensor.wrap(labels, groups.shape()), yPred, k);
  }

  /**
   * The same for labels that are numbers of classes.
   *
   * @param k 1 for the first of the greatest predictions only; else equal predictions count all
   */
  static Tensor sparse(Tensor yTrue, Tensor yPred, int k) {
    AxisGroups groups = AxisGroups.of("SparseCategoricalAccuracy", yPred.shape(), List.of(-1));
    if (yTrue.size() != groups.count()) {
      throw Problem.in("SparseCategoricalAccuracy", "there must be one label for each prediction")
          .got("yTrue " + yTrue.shape() + ", yPred " + yPred.shape())
          .expected("yTrue " + groups.shape())
          .asInvalidArgument();
    }
    double[] row = new double[groups.length()];
    double[] matches = new double[groups.count()];
    for (int group = 0; group < matches.length; group++) {
      groups.read(yPred::get, group, row);
      double label = yTrue.get(group);
      boolean right = k == 1 ? argmax(row) == label : isAmongTop(row, label, k);
      matches[group] = right ? 1 : 0;
    }
    return Tensor.wrap(matches, groups.shape());
  }

  private static boolean isAmongTop(double[] row, double label, int k) {
    if (!(label >= 0 && label < row.length)) {
      return false;
    }
    int greater = 0;
    for (double value : row) {
      greater += value > row[(int) label] ? 1 : 0;
    }
    return greater < k && !Double.isNaN(row[(int) label]);
  }

  static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  static void sameShape(String where, Tensor yTrue, Tensor yPred) {
    if (!yTrue.shape().equals(yPred.shape())) {
      throw Problem.in(where, "labels and predictions differ in shape")
          .got("yTrue " + yTrue.shape() + ", yPred " + yPred.shape())
          .expected("the same shape")
          .asInvalidArgument();
    }
  }
}
