package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * Room for a float32 gradient that a kernel fills, or none where it is not wanted.
 *
 * @param values zeros at first
 */
record Gradient(float @Nullable [] values, @Nullable Shape shape) {

  static Gradient of(@Nullable Tensor by, boolean needed) {
    return by == null || !needed
        ? new Gradient(null, null)
        : new Gradient(new float[by.size()], by.shape());
  }

  @Nullable Tensor tensor() {
    return values == null || shape == null ? null : Tensor.wrap(values, shape);
  }
}
