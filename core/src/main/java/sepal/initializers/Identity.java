package sepal.initializers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * {@code gain} on the diagonal of a matrix, zero beside it.
 *
 * @param gain the value on the diagonal, 1 unless given
 */
public record Identity(double gain) implements BuiltIn {
  /** With Keras' defaults. */
  public Identity() {
    this(1);
  }

  /**
   * @throws IllegalArgumentException if {@code shape} is not that of a matrix
   */
  @Override
  public Tensor apply(Shape shape, DType dtype) {
    if (shape.rank() != 2) {
      throw Problem.in("Identity", "only a matrix has a diagonal")
          .got("shape " + shape + " of rank " + shape.rank())
          .expected("a shape of rank 2")
          .asInvalidArgument();
    }
    double[] values = new double[shape.size()];
    int columns = shape.get(1);
    for (int i = 0; i < Math.min(shape.get(0), columns); i++) {
      values[i * columns + i] = gain;
    }
    return Tensor.wrap(values, shape).cast(dtype);
  }

  /** Keras writes no gain and so loses it; this writes every gain but 1, which Keras can read. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    return gain == 1 ? Map.of() : Map.of("gain", gain);
  }
}
