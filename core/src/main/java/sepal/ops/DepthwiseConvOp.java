package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A convolution of each channel alone, then bias and activation. */
final class DepthwiseConvOp {
  private DepthwiseConvOp() {}

  static Tensor forward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    if (x.dtype() == DType.FLOAT64) {
      double[] y =
          DoubleKernels.depthwiseConv(
              x.doubles(), kernel.doubles(), bias == null ? null : bias.doubles(), geometry);
      Tensor before =
          Tape.record(
              Tensor.wrap(y, geometry.output()),
              (g, needed) ->
                  ConvBackward.of(x, kernel, bias, geometry.channels(), g, needed, geometry),
              Inputs.of(x, kernel, bias));
      return activation.apply(before);
    }
    Clamp clamp = Fused.clamp(activation);
    float[] y = new float[geometry.output().size()];
    KernelChoice.kernels()
        .depthwiseConv2d(
            x.floats(),
            0,
            kernel.floats(),
            kernel.shape().get(-1),
            bias == null ? null : bias.floats(),
            clamp,
            y,
            0,
            geometry.planar());
    Tensor stored = Tensor.wrap(y, geometry.output());
    Tape.record(
        stored,
        (g, needed) -> backward(x, kernel, bias, stored, clamp, g, needed, geometry),
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
      boolean[] needed,
      ConvGeometry geometry) {
    return ConvBackward.inFloat(
        x,
        kernel,
        bias,
        needed,
        (dx, dKernel, dBias) ->
            KernelChoice.kernels()
                .depthwiseConv2dBackward(
                    x.floats(),
                    kernel.floats(),
                    kernel.shape().get(-1),
                    Fused.stored(stored, clamp),
                    clamp,
                    upstream.cast(DType.FLOAT32).floats(),
                    dx,
                    dKernel,
                    dBias,
                    geometry.planar()));
  }
}
