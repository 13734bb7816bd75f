package sepal.layers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Arguments that are numbers, or lists of them. */
final class Numbers {
  private Numbers() {}

  static void notNegative(String where, String argument, double value) {
    if (!(value >= 0)) {
      throw Problem.in(where, argument + " must not be negative")
          .got(argument + "=" + value)
          .expected("0 or more")
          .asInvalidArgument();
    }
  }

  /**
   * A constant from a number, or from a list of numbers or of equally long lists.
   *
   * @throws IllegalArgumentException if {@code value} is none of these
   */
  static Tensor tensor(String where, String argument, Object value, DType dtype) {
    List<Double> values = new ArrayList<>();
    List<Integer> dims = new ArrayList<>();
    collect(where, argument, value, 0, dims, values);
    double[] data = new double[values.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = values.get(i);
    }
    return Tensor.wrap(data, Shape.of(dims)).cast(dtype);
  }

  private static void collect(
      String where,
      String argument,
      @Nullable Object value,
      int depth,
      List<Integer> dims,
      List<Double> values) {
    if (value instanceof Number number && depth == dims.size()) {
      values.add(number.doubleValue());
      return;
    }
    if (!(value instanceof List<?> list) || (depth == dims.size() && !values.isEmpty())) {
      throw Config.wrong(
          where, argument, value, "a number, or a list of numbers or of equally long lists");
    }
    if (depth == dims.size()) {
      dims.add(list.size());
    }
    if (dims.get(depth) != list.size()) {
      throw Config.wrong(
          where, argument, value, dims.get(depth) + " values, as in the lists before");
    }
    for (Object item : list) {
      collect(where, argument, item, depth + 1, dims, values);
    }
  }
}
