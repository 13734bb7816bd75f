package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.kernels.Parallel;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Products of matrices, one for each sample of a batch, summed up in double. */
final class MatmulOp {
  private MatmulOp() {}

  static Tensor forward(Tensor a, Tensor b) {
    check(a, b);
    return Tape.record(
        product(a, b),
        (g, needed) ->
            new @Nullable Tensor[] {
              needed[0] ? product(g, swap(b)) : null, needed[1] ? product(swap(a), g) : null
            },
        a,
        b);
  }

  private static void check(Tensor a, Tensor b) {
    Shape left = a.shape();
    Shape right = b.shape();
    boolean fit =
        left.rank() == 3
            && right.rank() == 3
            && left.get(0) == right.get(0)
            && left.get(2) == right.get(1);
    if (!fit || a.dtype() != b.dtype() || !a.dtype().isFloating()) {
      throw Problem.in("Ops.matmul", "the operands do not fit together")
          .got(a.dtype() + " " + left + " and " + b.dtype() + " " + right)
          .expected("(n, rows, depth) and (n, depth, columns) of one floating type")
          .asInvalidArgument();
    }
  }

  private static Tensor product(Tensor a, Tensor b) {
    Shape output = a.shape().with(2, b.shape().get(2));
    int rows = output.get(1);
    int columns = output.get(2);
    int depth = a.shape().get(2);
    double[] left = a.cast(DType.FLOAT64).doubles();
    double[] right = b.cast(DType.FLOAT64).doubles();
    double[] y = new double[output.size()];
    Parallel.run(
        output.get(0) * rows,
        (long) output.size() * depth,
        row -> {
          int first = row / rows * depth * columns;
          for (int k = 0; k < depth; k++) {
            double factor = left[row * depth + k];
            for (int j = 0; j < columns; j++) {
              y[row * columns + j] += factor * right[first + k * columns + j];
            }
          }
        });
    return Tensor.wrap(y, output).cast(a.dtype());
  }

  private static Tensor swap(Tensor matrices) {
    return TransposeOp.compute(matrices, new int[] {0, 2, 1});
  }
}
