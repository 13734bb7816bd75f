package sepal.activations;

import java.util.List;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/** An activation that looks at the elements along some axes together, and keeps the shape. */
interface AlongAxes extends BuiltIn {

  List<Integer> axes();

  /** Replaces the values of one group; a NaN among them makes all NaN. */
  void transform(double[] values);

  /**
   * @throws IllegalArgumentException if {@code x} lacks an axis
   */
  @Override
  default Tensor apply(Tensor x) {
    checkFloating(x);
    AxisGroups groups = AxisGroups.of("activation " + className(), x.shape(), axes());
    double[] out = new double[x.size()];
    double[] values = new double[groups.length()];
    for (int group = 0; group < groups.count(); group++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = x.get(groups.index(group, i));
      }
      transform(values);
      for (int i = 0; i < values.length; i++) {
        out[groups.index(group, i)] = values[i];
      }
    }
    return Tensor.wrap(out, x.shape()).cast(x.dtype());
  }

  /** As Keras writes it: one axis as a number, several as a list. */
  static Object axis(List<Integer> axes) {
    return axes.size() == 1 ? axes.get(0) : axes;
  }
}
