package sepal.ops;

import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Axes in another order. */
final class TransposeOp {
  private TransposeOp() {}

  static Tensor forward(Tensor x, int[] axes) {
    return Tape.record(
        compute(x, axes), (g, needed) -> new Tensor[] {compute(g, inverse(axes))}, x);
  }

  private static int[] inverse(int[] axes) {
    int[] inverse = new int[axes.length];
    for (int axis = 0; axis < axes.length; axis++) {
      inverse[axes[axis]] = axis;
    }
    return inverse;
  }

  static Tensor compute(Tensor x, int[] axes) {
    int rank = axes.length;
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= x.shape().get(axis);
    }
    int[] sizes = new int[rank];
    int[] steps = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = x.shape().get(axes[axis]);
      steps[axis] = strides[axes[axis]];
    }
    Object y = x.dtype().newArray(x.size());
    int n = rank == 0 ? 1 : sizes[rank - 1];
    int step = rank == 0 ? 1 : steps[rank - 1];
    int[] index = new int[rank];
    int from = 0;
    for (int at = 0; at < x.size(); at += n) {
      copy(x.array(), from, step, y, at, n);
      for (int axis = rank - 2; axis >= 0; axis--) {
        from += steps[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        index[axis] = 0;
        from -= steps[axis] * sizes[axis];
      }
    }
    return Tensor.wrap(y, Shape.of(sizes), x.dtype());
  }

  /** Every {@code step}-th element of {@code x} to neighbouring places of {@code y}. */
  private static void copy(Object x, int from, int step, Object y, int at, int n) {
    if (step == 1) {
      System.arraycopy(x, from, y, at, n);
    } else if (x instanceof float[] in && y instanceof float[] out) {
      for (int i = 0; i < n; i++) {
        out[at + i] = in[from + i * step];
      }
    } else {
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, from + i * step, y, at + i, 1);
      }
    }
  }
}
