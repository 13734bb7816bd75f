package sepal.ops;

import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.tensor.Tensor;

/** The packed form of a weight, computed once and kept with its tensor. */
final class Packing {
  private Packing() {}

  private record Key(Kernels kernels, int groups) {}

  private record GradientKey(Kernels kernels, int groups) {}

  /**
   * @param kernel of any rank; the last axis counts the outputs
   */
  static PackedKernel of(Kernels kernels, Tensor kernel, int groups) {
    return kernel.derived(
        new Key(kernels, groups),
        () -> kernels.pack(kernel.floats(), rows(kernel), kernel.shape().get(-1), groups));
  }

  /** The form that gradients are computed with. */
  static PackedKernel forGradient(Kernels kernels, Tensor kernel, int groups) {
    return kernel.derived(
        new GradientKey(kernels, groups),
        () ->
            kernels.packForGradient(kernel.floats(), rows(kernel), kernel.shape().get(-1), groups));
  }

  private static int rows(Tensor kernel) {
    int columns = kernel.shape().get(-1);
    return columns == 0 ? 0 : kernel.size() / columns;
  }
}
