package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/** Depthwise, then pointwise, then bias and activation. */
final class SeparableConv2DOp {
  private SeparableConv2DOp() {}

  static Tensor forward(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    Kernels kernels = KernelChoice.kernels();
    Clamp clamp = activation.clamp();
    PackedKernel packed = Packing.of(kernels, pointwise, 1, geometry.dataFormat());
    float[] y = new float[geometry.output().size()];
    kernels.separableConv2d(
        x.floats(),
        0,
        depthwise.floats(),
        depthwise.shape().get(3),
        packed,
        bias == null ? null : bias.floats(),
        clamp == null ? Clamp.NONE : clamp,
        y,
        0,
        geometry);
    Tensor result = Tensor.wrap(y, geometry.output());
    return clamp == null ? activation.apply(result) : result;
  }
}
