package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
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
    if (x.dtype() == DType.FLOAT64) {
      double[] y =
          DoubleKernels.depthwiseConv(
              x.doubles(), kernel.doubles(), bias == null ? null : bias.doubles(), geometry);
      return activation.apply(Tensor.wrap(y, geometry.output()));
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
    return Fused.finish(Tensor.wrap(y, geometry.output()), activation);
  }
}
