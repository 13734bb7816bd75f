package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** A product with a matrix on the last axis, then bias and activation. */
final class DenseOp {
  private DenseOp() {}

  static Tensor forward(Tensor x, Tensor kernel, @Nullable Tensor bias, Activation activation) {
    if (x.dtype() == DType.FLOAT64) {
      return inDouble(x, kernel, bias, activation);
    }
    Kernels kernels = KernelChoice.kernels();
    Shape output = x.shape().with(-1, kernel.shape().get(1));
    float[] y = new float[output.size()];
    kernels.dense(
        x.floats(),
        0,
        output.slice(0, output.rank() - 1).size(),
        Packing.of(kernels, kernel, 1, DataFormat.CHANNELS_LAST),
        bias == null ? null : bias.floats(),
        Fused.clamp(activation),
        y,
        0);
    return Fused.finish(Tensor.wrap(y, output), activation);
  }

  /** Every row is an image of one pixel. */
  private static Tensor inDouble(
      Tensor x, Tensor kernel, @Nullable Tensor bias, Activation activation) {
    Shape rows = x.shape().slice(0, x.shape().rank() - 1);
    Dims one = Dims.of(1);
    ConvGeometry pixels =
        ConvGeometry.of(
            "dense",
            Shape.of(rows.size(), 1, x.shape().get(-1)),
            new Window(one, one, one, Padding.VALID),
            DataFormat.CHANNELS_LAST,
            kernel.shape().get(1));
    double[] y =
        DoubleKernels.conv(
            x.doubles(), kernel.doubles(), 1, bias == null ? null : bias.doubles(), pixels);
    return activation.apply(Tensor.wrap(y, rows.concat(kernel.shape().get(1))));
  }
}
