package sepal.ops;

import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.shape.DataFormat;
import sepal.tensor.Tensor;

/** The packed form of a weight, computed once and kept with its tensor. */
final class Packing {
  private Packing() {}

  private record Key(Kernels kernels, int groups, DataFormat dataFormat) {}

  /**
   * @param kernel of any rank; the last axis counts the outputs
   */
  static PackedKernel of(Kernels kernels, Tensor kernel, int groups, DataFormat dataFormat) {
    return kernel.derived(
        new Key(kernels, groups, dataFormat),
        () -> {
          int columns = kernel.shape().get(-1);
          int rows = columns == 0 ? 0 : kernel.size() / columns;
          return kernels.pack(kernel.floats(), rows, columns, groups, dataFormat);
        });
  }
}
