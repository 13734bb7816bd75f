package sepal.shape;

/**
 * The fan-in and fan-out that scale an initializer, as Keras counts them: for a depthwise kernel
 * (kh, kw, c, m) the fan-in counts all channels although each filter sees only one.
 */
public record Fans(double in, double out) {

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
}
