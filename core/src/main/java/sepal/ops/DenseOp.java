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
import sepal.tensor.Tape;
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
    Tensor stored = Tensor.wrap(y, output);
    Tape.record(
        stored,
        (g, needed) -> backward(x, kernel, bias, Fused.backward(stored, g, activation), needed),
        Inputs.of(x, kernel, bias));
    return Fused.finish(stored, activation);
  }

  /** Every row is an image of one pixel. */
  private static Tensor inDouble(
      Tensor x, Tensor kernel, @Nullable Tensor bias, Activation activation) {
    double[] y =
        DoubleKernels.conv(
            x.doubles(),
            kernel.doubles(),
            1,
            bias == null ? null : bias.doubles(),
            pixels(x, kernel));
    Tensor before =
        Tape.record(
            Tensor.wrap(y, x.shape().with(-1, kernel.shape().get(1))),
            (g, needed) -> backward(x, kernel, bias, g, needed),
            Inputs.of(x, kernel, bias));
    return activation.apply(before);
  }

  private static Tensor[] backward(
      Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor g, boolean[] needed) {
    return ConvBackward.of(x, kernel, bias, 1, g, needed, pixels(x, kernel));
  }

  private static ConvGeometry pixels(Tensor x, Tensor kernel) {
    Dims one = Dims.of(1);
    return ConvGeometry.of(
        "dense",
        Shape.of(x.shape().slice(0, x.shape().rank() - 1).size(), 1, x.shape().get(-1)),
        new Window(one, one, one, Padding.VALID),
        DataFormat.CHANNELS_LAST,
        kernel.shape().get(1));
  }
}
