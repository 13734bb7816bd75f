package sepal.ops;

import org.jspecify.annotations.Nullable;
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

  /** What the kernels stored, for the gradient; null if they clamped nothing. */
  static float @Nullable [] stored(Tensor y, Clamp clamp) {
    return clamp == Clamp.NONE ? null : y.floats();
  }

  /** What is left to apply: nothing if the kernels did it all. */
  static Tensor finish(Tensor y, Activation activation) {
    return activation.clamp() == null ? activation.apply(y) : y;
  }
}
