package sepal.losses;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.AxisGroups;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A loss that makes one value of the predictions along some axes. */
interface Groupwise extends BuiltIn {

  /**
   * The loss of one group of predictions, and its gradient by them.
   *
   * @param y the labels
   * @param p the predictions
   * @param gradient to be filled, unless null
   */
  double valueOf(double[] y, double[] p, double @Nullable [] gradient);

  /** The axes that a group runs along. */
  default List<Integer> axesOf(Tensor yPred) {
    return List.of(-1);
  }

  /** Where the labels of a group come from. */
  @FunctionalInterface
  interface Labels {
    void read(int group, double[] labels);
  }

  /**
   * The labels of each group of predictions.
   *
   * @throws IllegalArgumentException if they do not go with the predictions
   */
  default Labels labels(Tensor yTrue, Tensor yPred, AxisGroups groups) {
    if (!yTrue.shape().equals(yPred.shape())) {
      Problem problem =
          Problem.in(className(), "labels and predictions differ in shape")
              .got("yTrue " + yTrue.shape() + ", yPred " + yPred.shape())
              .expected("the same shape");
      boolean sparse = className().startsWith("Categorical") && yTrue.size() == groups.count();
      throw (sparse
              ? problem.fix(
                  "use SparseCategoricalCrossentropy for labels that are numbers of classes")
              : problem)
          .asInvalidArgument();
    }
    return (group, labels) -> groups.read(yTrue::get, group, labels);
  }

  @Override
  default Tensor call(Tensor yTrue, Tensor yPred) {
    AxisGroups groups = AxisGroups.of(className(), yPred.shape(), axesOf(yPred));
    Labels labels = labels(yTrue, yPred, groups);
    double[] values = new double[groups.count()];
    double[] y = new double[groups.length()];
    double[] p = new double[groups.length()];
    for (int group = 0; group < values.length; group++) {
      labels.read(group, y);
      groups.read(yPred::get, group, p);
      values[group] = valueOf(y, p, null);
    }
    return Tape.record(
        Tensor.wrap(values, groups.shape()).cast(yPred.dtype()),
        (g, needed) -> new @Nullable Tensor[] {gradient(g, labels, yPred, groups)},
        yPred);
  }

  private Tensor gradient(Tensor upstream, Labels labels, Tensor yPred, AxisGroups groups) {
    double[] all = new double[yPred.size()];
    double[] y = new double[groups.length()];
    double[] p = new double[groups.length()];
    double[] gradient = new double[groups.length()];
    for (int group = 0; group < groups.count(); group++) {
      labels.read(group, y);
      groups.read(yPred::get, group, p);
      valueOf(y, p, gradient);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= upstream.get(group);
      }
      groups.write(gradient, group, all);
    }
    return Tensor.wrap(all, yPred.shape()).cast(yPred.dtype());
  }
}
