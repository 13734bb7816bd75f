package sepal.ops;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.shape.AxisGroups;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** The sum or the mean along some axes, in double. */
final class SumOp {
  private SumOp() {}

  /**
   * @param axes the axes that vanish; all if there are none
   */
  static Tensor forward(String where, Tensor x, int[] axes, boolean mean) {
    IntStream along = axes.length == 0 ? IntStream.range(0, x.shape().rank()) : Arrays.stream(axes);
    List<Integer> list = along.boxed().toList();
    AxisGroups groups = AxisGroups.of(where, x.shape(), list);
    double factor = mean ? 1.0 / groups.length() : 1;
    double[] sums = new double[groups.count()];
    for (int group = 0; group < sums.length; group++) {
      double sum = 0;
      for (int i = 0; i < groups.length(); i++) {
        sum += x.get(groups.index(group, i));
      }
      sums[group] = sum * factor;
    }
    return Tape.record(
        Tensor.wrap(sums, groups.shape()).cast(x.dtype()),
        (g, needed) -> new @Nullable Tensor[] {backward(g, x, groups, factor)},
        x);
  }

  private static Tensor backward(Tensor upstream, Tensor x, AxisGroups groups, double factor) {
    double[] gradient = new double[x.size()];
    double[] equal = new double[groups.length()];
    for (int group = 0; group < groups.count(); group++) {
      Arrays.fill(equal, upstream.get(group) * factor);
      groups.write(equal, group, gradient);
    }
    return Tensor.wrap(gradient, x.shape()).cast(x.dtype());
  }
}
