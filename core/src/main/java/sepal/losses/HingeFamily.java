package sepal.losses;

import java.util.Arrays;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/** A loss of labels that are -1 or 1. */
interface HingeFamily extends Elementwise {

  /** Labels of 0 and 1 become -1 and 1, if there are no others in the batch. */
  @Override
  default Labels labels(Tensor yTrue, Tensor yPred, AxisGroups groups) {
    double[] y = yTrue.toDoubleArray();
    boolean binary = Arrays.stream(y).allMatch(label -> label == 0 || label == 1);
    Tensor signs =
        binary
            ? Tensor.wrap(Arrays.stream(y).map(label -> 2 * label - 1).toArray(), yTrue.shape())
            : yTrue;
    return Elementwise.super.labels(signs, yPred, groups);
  }
}
