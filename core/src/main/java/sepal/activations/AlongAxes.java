package sepal.activations;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.shape.AxisGroups;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** An activation that looks at the elements along some axes together, and keeps the shape. */
interface AlongAxes extends BuiltIn {

  List<Integer> axes();

  /** Replaces the values of one group; a NaN among them makes all NaN. */
  void transform(double[] values);

  /**
   * Replaces the gradient by the outputs of one group with that by its inputs.
   *
   * @param inputs what {@link #transform} was given
   * @param outputs what it made of them
   */
  void backpropagate(double[] inputs, double[] outputs, double[] gradient);

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
      groups.read(x::get, group, values);
      transform(values);
      groups.write(values, group, out);
    }
    return Tape.record(
        Tensor.wrap(out, x.shape()).cast(x.dtype()),
        (g, needed) -> new @Nullable Tensor[] {gradient(g, x, groups)},
        x);
  }

  private Tensor gradient(Tensor upstream, Tensor x, AxisGroups groups) {
    double[] out = new double[x.size()];
    double[] inputs = new double[groups.length()];
    double[] gradient = new double[groups.length()];
    for (int group = 0; group < groups.count(); group++) {
      groups.read(x::get, group, inputs);
      groups.read(upstream::get, group, gradient);
      double[] outputs = inputs.clone();
      transform(outputs);
      backpropagate(inputs, outputs, gradient);
      groups.write(gradient, group, out);
    }
    return Tensor.wrap(out, x.shape()).cast(x.dtype());
  }

  /** As Keras writes it: one axis as a number, several as a list. */
  static Object axis(List<Integer> axes) {
    return axes.size() == 1 ? axes.get(0) : axes;
  }
}
