package sepal.ops;

import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** The mean of the values under a window. */
final class AveragePoolOp {
  private AveragePoolOp() {}

  static Tensor forward(Tensor x, ConvGeometry geometry) {
    if (geometry.window().rank() == 3 && x.dtype() == DType.FLOAT32) {
      return Volumes.pool(x, AveragePoolOp::forward, geometry);
    }
    return Tape.record(compute(x, geometry), (g, needed) -> backward(x, g, geometry), x);
  }

  private static Tensor compute(Tensor x, ConvGeometry geometry) {
    if (x.dtype() == DType.FLOAT64) {
      return Tensor.wrap(DoubleKernels.averagePool(x.doubles(), geometry), geometry.output());
    }
    float[] y = new float[geometry.output().size()];
    KernelChoice.kernels().averagePool2d(x.floats(), 0, y, 0, geometry.planar());
    return Tensor.wrap(y, geometry.output());
  }

  private static Tensor[] backward(Tensor x, Tensor g, ConvGeometry geometry) {
    if (x.dtype() == DType.FLOAT64) {
      double[] dx = DoubleKernels.averagePoolBackward(g.toDoubleArray(), geometry);
      return new Tensor[] {Tensor.wrap(dx, x.shape())};
    }
    float[] dx = new float[x.size()];
    KernelChoice.kernels()
        .averagePool2dBackward(g.cast(DType.FLOAT32).floats(), dx, geometry.planar());
    return new Tensor[] {Tensor.wrap(dx, x.shape())};
  }
}
