package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
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
    Clamp clamp = Fused.clamp(activation);
    float[] y = new float[geometry.output().size()];
    kernels.separableConv2d(
        x.floats(),
        0,
        depthwise.floats(),
        depthwise.shape().get(3),
        Packing.of(kernels, pointwise, 1, geometry.dataFormat()),
        bias == null ? null : bias.floats(),
        clamp,
        y,
        0,
        geometry);
    return Fused.finish(Tensor.wrap(y, geometry.output()), activation);
  }
}
