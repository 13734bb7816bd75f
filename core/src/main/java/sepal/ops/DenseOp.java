package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
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
    Clamp clamp = Fused.clamp(activation);
    Shape output = x.shape().with(-1, kernel.shape().get(1));
    float[] y = new float[output.size()];
    kernels.dense(
        x.floats(),
        0,
        rows(x),
        Packing.of(kernels, kernel, 1),
        bias == null ? null : bias.floats(),
        clamp,
        y,
        0);
    Tensor stored = Tensor.wrap(y, output);
    Tape.record(
        stored,
        (g, needed) -> backward(x, kernel, bias, stored, clamp, g, needed),
        Inputs.of(x, kernel, bias));
    return Fused.finish(stored, activation);
  }

  private static @Nullable Tensor[] backward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Tensor stored,
      Clamp clamp,
      Tensor upstream,
      boolean[] needed) {
    Kernels kernels = KernelChoice.kernels();
    return ConvBackward.inFloat(
        x,
        kernel,
        bias,
        needed,
        (dx, dKernel, dBias) ->
            kernels.denseBackward(
                x.floats(),
                rows(x),
                Packing.forGradient(kernels, kernel, 1),
                Fused.stored(stored, clamp),
                clamp,
                upstream.cast(DType.FLOAT32).floats(),
                dx,
                dKernel,
                dBias));
  }

  private static int rows(Tensor x) {
    return x.shape().slice(0, x.shape().rank() - 1).size();
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
            (g, needed) -> ConvBackward.of(x, kernel, bias, 1, g, needed, pixels(x, kernel)),
            Inputs.of(x, kernel, bias));
    return activation.apply(before);
  }

  private static ConvGeometry pixels(Tensor x, Tensor kernel) {
    Dims one = Dims.of(1);
    return ConvGeometry.of(
        "dense",
        Shape.of(rows(x), 1, x.shape().get(-1)),
        new Window(one, one, one, Padding.VALID),
        DataFormat.CHANNELS_LAST,
        kernel.shape().get(1));
  }
}
