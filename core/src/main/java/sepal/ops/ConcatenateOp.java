package sepal.ops;

import java.util.List;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
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
    return Tape.record(
        Tensor.wrap(y, output, dtype),
        (g, needed) -> backward(inputs, g, axis),
        inputs.toArray(Tensor[]::new));
  }

  /** Each input's part of the upstream gradient. */
  private static Tensor[] backward(List<Tensor> inputs, Tensor g, int axis) {
    Tensor[] parts = new Tensor[inputs.size()];
    int outer = g.shape().slice(0, axis).size();
    int rowLength = g.shape().slice(axis, g.shape().rank()).size();
    int before = 0;
    for (int k = 0; k < parts.length; k++) {
      Shape shape = inputs.get(k).shape();
      int n = shape.slice(axis, shape.rank()).size();
      Object part = g.dtype().newArray(shape.size());
      for (int i = 0; i < outer; i++) {
        System.arraycopy(g.array(), i * rowLength + before, part, i * n, n);
      }
      parts[k] = Tensor.wrap(part, shape, g.dtype());
      before += n;
    }
    return parts;
  }
}
