package sepal.layers;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Weights of layers that are made for a file: no more of them than there is room for, and zeros at
 * first where the file fills them.
 */
final class BlankWeights {
  private static final ThreadLocal<@Nullable BlankWeights> CURRENT = new ThreadLocal<>();

  private final Problem tooMany;
  private final boolean zeros;
  private final Map<String, Tensor> shared = new HashMap<>();
  private long left;

  private BlankWeights(Problem tooMany, long limit, boolean zeros) {
    this.tooMany = tooMany;
    this.left = limit;
    this.zeros = zeros;
  }

  static <T> T during(Problem tooMany, long limit, boolean zeros, Supplier<T> make) {
    BlankWeights outer = CURRENT.get();
    CURRENT.set(new BlankWeights(tooMany, limit, zeros));
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
    long size = shape.size() * (dtype == DType.FLOAT64 || dtype == DType.INT64 ? 2L : 1L);
    if (size > current.left) {
      throw current
          .tooMany
          .got(weight + " " + shape + " of " + layer)
          .expected("at most " + current.left + " more values")
          .asInvalidArgument();
    }
    current.left -= size;
    return current.zeros ? current.zeros(dtype, shape) : null;
  }

  /** Tensors never change, so that weights of one size can share their zeros. */
  private Tensor zeros(DType dtype, Shape shape) {
    String key = dtype + " " + shape.size();
    Tensor known = shared.get(key);
    if (known == null) {
      known = Tensor.zeros(dtype, shape);
      shared.put(key, known);
    }
    return known.reshape(shape);
  }
}
