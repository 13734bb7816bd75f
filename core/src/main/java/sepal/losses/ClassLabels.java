package sepal.losses;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/** Labels that name a class by its number, as probabilities of all classes. */
final class ClassLabels {
  private ClassLabels() {}

  /**
   * @param groups the predictions of each label
   * @param ignored a label that stands for no class at all, or null
   * @throws IllegalArgumentException if the labels do not suit the predictions
   */
  static Groupwise.Labels of(
      String where, Tensor yTrue, AxisGroups groups, @Nullable Integer ignored) {
    boolean suits =
        yTrue.size() == groups.count()
            && (yTrue.shape().equals(groups.shape())
                || yTrue.shape().equals(groups.shape().concat(1)));
    if (!suits) {
      throw Problem.in(where, "there must be one label for each prediction")
          .got("labels " + yTrue.shape() + " for predictions of " + groups.length() + " classes")
          .expected("labels " + groups.shape())
          .fix(
              yTrue.size() == groups.count() * groups.length()
                  ? "use CategoricalCrossentropy for one-hot labels"
                  : "give each sample the number of its class")
          .asInvalidArgument();
    }
    for (int i = 0; i < yTrue.size(); i++) {
      check(where, yTrue.get(i), i, groups.length(), ignored);
    }
    return (group, labels) -> {
      Arrays.fill(labels, 0);
      double label = yTrue.get(group);
      if (ignored == null || label != ignored) {
        labels[(int) label] = 1;
      }
    };
  }

  private static void check(
      String where, double label, int index, int classes, @Nullable Integer ignored) {
    boolean known = label >= 0 && label < classes && label == Math.rint(label);
    if (!known && (ignored == null || label != ignored)) {
      String text = label == Math.rint(label) ? Long.toString((long) label) : "" + label;
      throw Problem.in(where, "a label is not the number of a class")
          .got("label " + text + " at index " + index)
          .expected("an integer from 0 to " + (classes - 1))
          .asInvalidArgument();
    }
  }
}
