package sepal.ops;

import java.util.List;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Tensors joined along one axis. */
final class ConcatenateOp {
  private ConcatenateOp() {}

  static Tensor forward(List<Tensor> inputs, int axis) {
    Shape shape = inputs.get(0).shape();
    int size = inputs.stream().mapToInt(x -> x.shape().get(axis)).sum();
    Shape output = shape.with(axis, size);
    int outer = shape.slice(0, axis).size();
    int rowLength = output.slice(axis, output.rank()).size();
    DType dtype = inputs.get(0).dtype();
    Object y = dtype.newArray(output.size());
    int before = 0;
    for (Tensor x : inputs) {
      int n = x.shape().slice(axis, shape.rank()).size();
      for (int i = 0; i < outer; i++) {
        System.arraycopy(x.array(), i * n, y, i * rowLength + before, n);
      }
      before += n;
    }
    return Tensor.wrap(y, output, dtype);
  }
}
