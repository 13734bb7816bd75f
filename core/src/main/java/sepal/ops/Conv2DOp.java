package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A dense or grouped convolution, then bias and activation. */
final class Conv2DOp {
  private Conv2DOp() {}

  static Tensor forward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      int groups,
      ConvGeometry geometry) {
    if (x.dtype() == DType.FLOAT64) {
      double[] y =
          DoubleKernels.conv(
              x.doubles(),
              kernel.doubles(),
              groups,
              bias == null ? null : bias.doubles(),
              geometry);
      Tensor before =
          Tape.record(
              Tensor.wrap(y, geometry.output()),
              (g, needed) -> ConvBackward.of(x, kernel, bias, groups, g, needed, geometry),
              Inputs.of(x, kernel, bias));
      return activation.apply(before);
    }
    Kernels kernels = KernelChoice.kernels();
    float[] y = new float[geometry.output().size()];
    kernels.conv2d(
        x.floats(),
        0,
        Packing.of(kernels, kernel, groups, geometry.dataFormat()),
        bias == null ? null : bias.floats(),
        Fused.clamp(activation),
        y,
        0,
        geometry);
    Tensor stored = Tensor.wrap(y, geometry.output());
    Tape.record(
        stored,
        (g, needed) ->
            ConvBackward.of(
                x, kernel, bias, groups, Fused.backward(stored, g, activation), needed, geometry),
        Inputs.of(x, kernel, bias));
    return Fused.finish(stored, activation);
  }
}
