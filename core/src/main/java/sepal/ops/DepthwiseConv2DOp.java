package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A convolution of each channel alone, then bias and activation. */
final class DepthwiseConv2DOp {
  private DepthwiseConv2DOp() {}

  static Tensor forward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    int groups = geometry.channels();
    if (x.dtype() == DType.FLOAT64) {
      double[] y =
          DoubleKernels.depthwiseConv(
              x.doubles(), kernel.doubles(), bias == null ? null : bias.doubles(), geometry);
      Tensor before =
          Tape.record(
              Tensor.wrap(y, geometry.output()),
              (g, needed) -> ConvBackward.of(x, kernel, bias, groups, g, needed, geometry),
              Inputs.of(x, kernel, bias));
      return activation.apply(before);
    }
    float[] y = new float[geometry.output().size()];
    KernelChoice.kernels()
        .depthwiseConv2d(
            x.floats(),
            0,
            kernel.floats(),
            kernel.shape().get(3),
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
