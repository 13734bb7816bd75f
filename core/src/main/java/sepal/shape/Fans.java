package sepal.shape;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fan-in and fan-out that scale an initializer, as Keras counts them: for a depthwise kernel
 * (kh, kw, c, m) the fan-in counts all channels although each filter sees only one.
 */
public record Fans(double in, double out) {

  /**
   * The fans of a weight whose last two axes are inputs and outputs, as Keras' kernels have them.
   */
  public static Fans of(Shape shape) {
    return switch (shape.rank()) {
      case 0 -> new Fans(1, 1);
      case 1 -> new Fans(shape.get(0), shape.get(0));
      default -> {
        double receptive = 1;
        for (int axis = 0; axis < shape.rank() - 2; axis++) {
          receptive *= shape.get(axis);
        }
        yield new Fans(receptive * shape.get(-2), receptive * shape.get(-1));
      }
    };
  }

  /**
   * The fans over the given axes, for weights whose axes are not in Keras' usual order.
   *
   * @param inputAxes null for the usual count, which then {@code outputAxes} must ask for too
   * @throws IllegalArgumentException if an axis is not in {@code shape}
   */
  public static Fans of(
      String where,
      Shape shape,
      @Nullable List<Integer> inputAxes,
      @Nullable List<Integer> outputAxes) {
    if (inputAxes == null || outputAxes == null) {
      return of(shape);
    }
    return new Fans(product(where, shape, inputAxes), product(where, shape, outputAxes));
  }

  private static double product(String where, Shape shape, List<Integer> axes) {
    double product = 1;
    for (int axis : AxisGroups.normalize(where, shape, axes)) {
      product *= shape.get(axis);
    }
    return product;
  }
}
