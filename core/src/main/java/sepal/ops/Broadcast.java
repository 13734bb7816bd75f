package sepal.ops;

import java.util.Arrays;
import sepal.check.Problem;
import sepal.shape.Shape;

/**
 * How two arrays stretch to one shape: aligned at the last axis, an axis of size 1 is repeated.
 *
 * <p>Neighbouring axes that both arrays walk through alike count as one, so that equal shapes give
 * a single row.
 */
final class Broadcast {
  private final Shape shape;
  private final int[] sizes;
  private final int[] stepsA;
  private final int[] stepsB;

  private Broadcast(Shape shape, int[] sizes, int[] stepsA, int[] stepsB) {
    this.shape = shape;
    this.sizes = sizes;
    this.stepsA = stepsA;
    this.stepsB = stepsB;
  }

  /** Does something with a row of {@code n} results and where its operands begin. */
  interface Row {
    void apply(int at, int atA, int atB, int n);
  }

  /**
   * @param where who asks, for the error message
   * @throws IllegalArgumentException if the shapes do not fit together
   */
  static Broadcast of(String where, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] result = new int[rank];
    int[] sizes = new int[rank + 1];
    int[] stepsA = new int[rank + 1];
    int[] stepsB = new int[rank + 1];
    int first = rank;
    sizes[rank] = 1;
    int strideA = 1;
    int strideB = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int sizeA = sizeOf(a, axis - rank);
      int sizeB = sizeOf(b, axis - rank);
      if (sizeA != sizeB && sizeA != 1 && sizeB != 1) {
        throw Problem.in(where, "the shapes do not broadcast to one")
            .got(a + " and " + b)
            .expected("on each axis, from the last, the same size or 1")
            .asInvalidArgument();
      }
      int size = sizeA == 1 ? sizeB : sizeA;
      result[axis] = size;
      int stepA = sizeA == 1 ? 0 : strideA;
      int stepB = sizeB == 1 ? 0 : strideB;
      strideA *= sizeA;
      strideB *= sizeB;
      if (size == 1) {
        continue;
      }
      boolean joins =
          stepA == stepsA[first] * sizes[first] && stepB == stepsB[first] * sizes[first];
      if (sizes[first] == 1 || !joins) {
        first -= sizes[first] == 1 ? 0 : 1;
        sizes[first] = size;
        stepsA[first] = stepA;
        stepsB[first] = stepB;
      } else {
        sizes[first] *= size;
      }
    }
    return new Broadcast(
        Shape.of(result), tail(sizes, first), tail(stepsA, first), tail(stepsB, first));
  }

  private static int sizeOf(Shape shape, int axisFromEnd) {
    return -axisFromEnd > shape.rank() ? 1 : shape.get(axisFromEnd);
  }

  private static int[] tail(int[] values, int first) {
    return Arrays.copyOfRange(values, first, values.length);
  }

  /** The shape of the result. */
  Shape shape() {
    return shape;
  }

  /** From one element of the first operand to the next in a row: 1, or 0 where it is repeated. */
  int innerStepA() {
    return stepsA[stepsA.length - 1];
  }

  /** From one element of the second operand to the next in a row: 1, or 0 where it is repeated. */
  int innerStepB() {
    return stepsB[stepsB.length - 1];
  }

  void forEachRow(Row row) {
    int n = sizes[sizes.length - 1];
    int total = shape.size();
    int[] index = new int[sizes.length];
    int atA = 0;
    int atB = 0;
    for (int at = 0; at < total; at += n) {
      row.apply(at, atA, atB, n);
      for (int axis = sizes.length - 2; axis >= 0; axis--) {
        atA += stepsA[axis];
        atB += stepsB[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        index[axis] = 0;
        atA -= stepsA[axis] * sizes[axis];
        atB -= stepsB[axis] * sizes[axis];
      }
    }
  }
}
