package sepal.kernels;

/** The activations that are applied as a result is stored: {@code min(max(x, low), high)}. */
public enum Clamp {
  /** Linear. */
  NONE(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
  /** From 0 up. */
  RELU(0, Float.POSITIVE_INFINITY),
  /** From 0 to 6. */
  RELU6(0, 6);

  final float low;
  final float high;

  Clamp(float low, float high) {
    this.low = low;
    this.high = high;
  }
}
