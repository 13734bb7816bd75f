package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A part of a tensor along one axis. */
final class SliceOp {
  private SliceOp() {}

  static Tensor forward(Tensor x, int axis, int from, int to) {
    Shape shape = x.shape();
    if (from < 0 || to < from || to > shape.get(axis)) {
      throw Problem.in("slice", "there is no such part along axis " + axis)
          .got(from + " to " + to + " of shape " + shape)
          .expected("0 to " + shape.get(axis))
          .asInvalidArgument();
    }
    Shape part = shape.with(axis, to - from);
    Object y = x.dtype().newArray(part.size());
    copy(x, y, axis, from, part, true);
    return Tape.record(
        Tensor.wrap(y, part, x.dtype()),
        (g, needed) -> {
          Object dx = g.dtype().newArray(x.size());
          copy(g, dx, axis, from, x.shape(), false);
          return new @Nullable Tensor[] {Tensor.wrap(dx, x.shape(), g.dtype())};
        },
        x);
  }

  /** From the whole to the part, or back. */
  private static void copy(
      Tensor source, Object target, int axis, int from, Shape to, boolean toPart) {
    Shape shape = source.shape();
    Shape inner = shape.slice(axis + 1, shape.rank());
    int outer = shape.slice(0, axis).size();
    int part = (toPart ? to : shape).get(axis) * inner.size();
    int whole = (toPart ? shape : to).get(axis) * inner.size();
    for (int i = 0; i < outer; i++) {
      int inWhole = i * whole + from * inner.size();
      System.arraycopy(
          source.array(), toPart ? inWhole : i * part, target, toPart ? i * part : inWhole, part);
    }
  }
}
