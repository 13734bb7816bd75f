package sepal.ops;

import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Zeros around the spatial axes, or what lies there taken off where the margin is negative. */
final class PadOp {
  private PadOp() {}

  static Tensor forward(Tensor x, Margins margins, Shape output, DataFormat dataFormat) {
    return Tape.record(
        compute(x, margins, output, dataFormat),
        (g, needed) -> new Tensor[] {compute(g, margins.negated(), x.shape(), dataFormat)},
        x);
  }

  /** Copies row by row: what neighbours on the last spatial axis hold lies side by side. */
  private static Tensor compute(Tensor x, Margins margins, Shape output, DataFormat dataFormat) {
    Object y = x.dtype().newArray(output.size());
    int first = dataFormat.firstSpatialAxis();
    int last = first + margins.rank() - 1;
    int depth = dataFormat == DataFormat.CHANNELS_LAST ? output.get(-1) : 1;
    int before = margins.before().get(margins.rank() - 1) * depth;
    int from = x.shape().get(last) * depth;
    int to = output.get(last) * depth;
    int skipped = Math.max(0, -before);
    int left = Math.max(0, before);
    int n = Math.min(from - skipped, to - left);
    int rows = output.slice(0, last).size();
    for (int row = 0; n > 0 && row < rows; row++) {
      int source = source(row, x.shape(), output, margins, first, last);
      if (source >= 0) {
        System.arraycopy(x.array(), source * from + skipped, y, row * to + left, n);
      }
    }
    return Tensor.wrap(y, output, x.dtype());
  }

  /** The row of the input that lies where a row of the output is, or -1 if there is none. */
  private static int source(
      int row, Shape input, Shape output, Margins margins, int first, int last) {
    int source = 0;
    int stride = 1;
    int rest = row;
    for (int axis = last - 1; axis >= 0; axis--) {
      int at = rest % output.get(axis);
      rest /= output.get(axis);
      if (axis >= first) {
        at -= margins.before().get(axis - first);
      }
      if (at < 0 || at >= input.get(axis)) {
        return -1;
      }
      source += at * stride;
      stride *= input.get(axis);
    }
    return source;
  }
}
