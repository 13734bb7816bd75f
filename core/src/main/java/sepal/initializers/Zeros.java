package sepal.initializers;

import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** All zero. */
public record Zeros() implements BuiltIn {
  @Override
  public Tensor apply(Shape shape, DType dtype) {
    return Tensor.zeros(dtype, shape);
  }
}
