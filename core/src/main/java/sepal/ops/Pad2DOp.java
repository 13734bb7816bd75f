package sepal.ops;

import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Rows and columns of zeros around images, or taken off them where the margin is negative. */
final class Pad2DOp {
  private Pad2DOp() {}

  static Tensor forward(Tensor x, Margins margins, Shape output, DataFormat dataFormat) {
    return Tape.record(
        compute(x, margins, output, dataFormat),
        (g, needed) -> new Tensor[] {compute(g, margins.negated(), x.shape(), dataFormat)},
        x);
  }

  private static Tensor compute(Tensor x, Margins margins, Shape output, DataFormat dataFormat) {
    Images from = Images.of(x.shape(), dataFormat);
    Images to = Images.of(output, dataFormat);
    Object y = x.dtype().newArray(output.size());
    int left = Math.max(0, margins.left()) * from.depth();
    int skipped = Math.max(0, -margins.left()) * from.depth();
    int n = Math.min(from.rowLength() - skipped, to.rowLength() - left);
    for (int plane = 0; plane < to.planes(); plane++) {
      for (int row = 0; row < to.height(); row++) {
        int source = row - margins.top();
        if (source >= 0 && source < from.height()) {
          System.arraycopy(
              x.array(),
              (plane * from.height() + source) * from.rowLength() + skipped,
              y,
              (plane * to.height() + row) * to.rowLength() + left,
              n);
        }
      }
    }
    return Tensor.wrap(y, output, x.dtype());
  }
}
