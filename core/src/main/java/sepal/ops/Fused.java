package sepal.ops;

import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.tensor.Tensor;

/** An activation in two halves: what the kernels do while they store, and what is left to do. */
final class Fused {
  private Fused() {}

  /** What the kernels apply. */
  static Clamp clamp(Activation activation) {
    Clamp clamp = activation.clamp();
    return clamp == null ? Clamp.NONE : clamp;
  }

  /** The gradient by what the kernels clamped, where {@code y} is what they stored. */
  static Tensor backward(Tensor y, Tensor upstream, Activation activation) {
    Clamp clamp = activation.clamp();
    if (clamp == null || clamp == Clamp.NONE) {
      return upstream;
    }
    float[] g = upstream.toFloatArray();
    float[] stored = y.floats();
    float high = clamp == Clamp.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    for (int i = 0; i < g.length; i++) {
      if (!(stored[i] > 0 && stored[i] < high)) {
        g[i] = 0;
      }
    }
    return Tensor.wrap(g, upstream.shape());
  }

  /** What is left to apply: nothing if the kernels did it all. */
  static Tensor finish(Tensor y, Activation activation) {
    return activation.clamp() == null ? activation.apply(y) : y;
  }
}
