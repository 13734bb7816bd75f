package sepal.constraints;

import sepal.tensor.Tensor;

/** Negative weights become zero. */
public record NonNeg() implements BuiltIn {
  @Override
  public Tensor apply(Tensor weight) {
    double[] values = weight.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(values[i], 0);
    }
    return Tensor.wrap(values, weight.shape()).cast(weight.dtype());
  }
}
