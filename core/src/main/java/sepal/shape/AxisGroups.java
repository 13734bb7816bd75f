package sepal.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import sepal.check.Problem;

/**
 * The elements of a row-major array in groups that run along some of its axes: the slices that a
 * norm, a sum or a softmax over those axes works on. Each element is in exactly one group.
 */
public final class AxisGroups {
  private final int[] starts;
  private final int[] steps;

  private final Shape shape;

  private AxisGroups(int[] starts, int[] steps, Shape shape) {
    this.starts = starts;
    this.steps = steps;
    this.shape = shape;
  }

  /**
   * @param where who asks, for the error message
   * @param axes the axes that a group runs along; negative ones count from the end
   * @throws IllegalArgumentException if an axis is not in {@code shape}, or given twice
   */
  public static AxisGroups of(String where, Shape shape, List<Integer> axes) {
    boolean[] along = new boolean[shape.rank()];
    for (int axis : normalize(where, shape, axes)) {
      along[axis] = true;
    }
    int[] outer = IntStream.range(0, along.length).filter(a -> !along[a]).map(shape::get).toArray();
    return new AxisGroups(
        offsets(shape, along, false), offsets(shape, along, true), Shape.of(outer));
  }

  /** The shape of one value for each group: that of the array without the axes of a group. */
  public Shape shape() {
    return shape;
  }

  /** The number of groups. */
  public int count() {
    return starts.length;
  }

  /** The number of elements in each group. */
  public int length() {
    return steps.length;
  }

  /** The index in the array of an element of a group. */
  public int index(int group, int element) {
    return starts[group] + steps[element];
  }

  /** Copies the elements of a group into {@code values}. */
  public void read(IntToDoubleFunction elements, int group, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = elements.applyAsDouble(starts[group] + steps[i]);
    }
  }

  /** Copies {@code values} to the places of a group. */
  public void write(double[] values, int group, double[] elements) {
    for (int i = 0; i < values.length; i++) {
      elements[starts[group] + steps[i]] = values[i];
    }
  }

  /**
   * The axes counted from the front, in their order.
   *
   * @param where who asks, for the error message
   * @throws IllegalArgumentException if an axis is not in {@code shape}, or given twice
   */
  public static List<Integer> normalize(String where, Shape shape, List<Integer> axes) {
    int rank = shape.rank();
    List<Integer> normal = new ArrayList<>();
    for (int axis : axes) {
      if (axis < -rank || axis >= rank) {
        throw Problem.in(where, "there is no such axis")
            .got("axis=" + axis + " for shape " + shape)
            .expected("an axis from " + -rank + " to " + (rank - 1))
            .asInvalidArgument();
      }
      int fromFront = axis < 0 ? axis + rank : axis;
      if (normal.contains(fromFront)) {
        throw Problem.in(where, "an axis is given twice")
            .got("axes " + axes + " for shape " + shape)
            .expected("each axis once")
            .asInvalidArgument();
      }
      normal.add(fromFront);
    }
    return List.copyOf(normal);
  }

  /**
   * The offsets of all index combinations of the axes for which {@code along} is {@code wanted}.
   */
  private static int[] offsets(Shape shape, boolean[] along, boolean wanted) {
    int[] offsets = {0};
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int size = shape.get(axis);
      if (along[axis] == wanted) {
        int[] more = new int[Math.multiplyExact(size, offsets.length)];
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < offsets.length; j++) {
            more[i * offsets.length + j] = i * stride + offsets[j];
          }
        }
        offsets = more;
      }
      stride *= size;
    }
    return offsets;
  }
}
