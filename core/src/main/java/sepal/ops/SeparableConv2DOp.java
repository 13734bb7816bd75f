package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;
import sepal.tensor.DType;
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
    if (x.dtype() == DType.FLOAT64) {
      return inDouble(x, depthwise, pointwise, bias, activation, geometry);
    }
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

  private static Tensor inDouble(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    ConvGeometry first = geometry.withFilters(geometry.channels() * depthwise.shape().get(3));
    Dims one = Dims.fill(2, 1);
    ConvGeometry second =
        ConvGeometry.of(
            "pointwise",
            first.output(),
            new Window(one, one, one, Padding.SAME),
            geometry.dataFormat(),
            geometry.filters());
    double[] between = DoubleKernels.depthwiseConv(x.doubles(), depthwise.doubles(), null, first);
    double[] y =
        DoubleKernels.conv(
            between, pointwise.doubles(), 1, bias == null ? null : bias.doubles(), second);
    return activation.apply(Tensor.wrap(y, geometry.output()));
  }
}
