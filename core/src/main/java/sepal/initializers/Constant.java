package sepal.initializers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** The same value everywhere. */
public record Constant(double value) implements BuiltIn {
  @Override
  public Tensor apply(Shape shape, DType dtype) {
    return Tensor.full(dtype, shape, value);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("value", value);
  }
}
