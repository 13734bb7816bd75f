package sepal.initializers;

import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** All one. */
public record Ones() implements BuiltIn {
  @Override
  public Tensor apply(Shape shape, DType dtype) {
    return Tensor.full(dtype, shape, 1);
  }
}
