package sepal.ops;

import sepal.kernels.KernelChoice;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/** The mean of the values under a window. */
final class AveragePool2DOp {
  private AveragePool2DOp() {}

  static Tensor forward(Tensor x, ConvGeometry geometry) {
    float[] y = new float[geometry.output().size()];
    KernelChoice.kernels().averagePool2d(x.floats(), 0, y, 0, geometry);
    return Tensor.wrap(y, geometry.output());
  }
}
