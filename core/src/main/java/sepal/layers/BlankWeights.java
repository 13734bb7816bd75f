package sepal.layers;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Weights of layers that are made to be filled from a file: zeros at first, and no more of them
 * than the file has values for.
 */
final class BlankWeights {
  private static final ThreadLocal<@Nullable BlankWeights> CURRENT = new ThreadLocal<>();

  private final String where;
  private long left;

  private BlankWeights(String where, long limit) {
    this.where = where;
    this.left = limit;
  }

  static <T> T during(String where, long limit, Supplier<T> make) {
    BlankWeights outer = CURRENT.get();
    CURRENT.set(new BlankWeights(where, limit));
    try {
      return make.get();
    } finally {
      CURRENT.set(outer);
    }
  }

  /** Zeros, or null where initializers give the first values. */
  static @Nullable Tensor create(String layer, String weight, DType dtype, Shape shape) {
    BlankWeights current = CURRENT.get();
    if (current == null) {
      return null;
    }
    int size = shape.size();
    if (size > current.left) {
      throw Problem.in(current.where, "the model has more weights than the file has values")
          .got(weight + " " + shape + " of " + layer)
          .expected("at most " + current.left + " more values")
          .asInvalidArgument();
    }
    current.left -= size;
    return Tensor.zeros(dtype, shape);
  }
}
