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
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Depthwise, then pointwise, then bias and activation. */
final class SeparableConvOp {
  private SeparableConvOp() {}

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
        depthwise.shape().get(-1),
        Packing.of(kernels, pointwise, 1),
        bias == null ? null : bias.floats(),
        clamp,
        y,
        0,
        geometry.planar());
    Tensor stored = Tensor.wrap(y, geometry.output());
    Tape.record(
        stored,
        (g, needed) -> backward(x, depthwise, pointwise, bias, stored, clamp, g, needed, geometry),
        Inputs.of(x, depthwise, pointwise, bias));
    return Fused.finish(stored, activation);
  }

  /** Recomputes what lies between depthwise and pointwise instead of keeping it. */
  private static @Nullable Tensor[] backward(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Tensor stored,
      Clamp clamp,
      Tensor upstream,
      boolean[] needed,
      ConvGeometry geometry) {
    Kernels kernels = KernelChoice.kernels();
    int multiplier = depthwise.shape().get(-1);
    Gradient dx = Gradient.of(x, needed[0]);
    Gradient dDepthwise = Gradient.of(depthwise, needed[1]);
    Gradient dPointwise = Gradient.of(pointwise, needed[2]);
    Gradient dBias = Gradient.of(bias, bias != null && needed[3]);
    kernels.separableConv2dBackward(
        x.floats(),
        depthwise.floats(),
        multiplier,
        pointwise.floats(),
        Fused.stored(stored, clamp),
        clamp,
        upstream.cast(DType.FLOAT32).floats(),
        dx.values(),
        dDepthwise.values(),
        dPointwise.values(),
        dBias.values(),
        geometry.planar());
    return new Tensor[] {dx.tensor(), dDepthwise.tensor(), dPointwise.tensor(), dBias.tensor()};
  }

  private static Tensor[] backwardInDouble(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Tensor upstream,
      boolean[] needed,
      ConvGeometry geometry) {
    ConvGeometry first = geometry.withFilters(pointwise.shape().get(-2));
    ConvGeometry second = pixelwise(first, geometry.filters());
    Tensor between =
        Tensor.wrap(
            DoubleKernels.depthwiseConv(x.toDoubleArray(), depthwise.toDoubleArray(), null, first),
            first.output());
    boolean[] wanted = {needed[0] || needed[1], needed[2]};
    Tensor[] after = ConvBackward.of(between, pointwise, bias, 1, upstream, wanted, second);
    Tensor[] before = {null, null};
    if (wanted[0]) {
      before = ConvBackward.of(x, depthwise, null, first.channels(), after[0], needed, first);
    }
    return bias == null
        ? new Tensor[] {before[0], before[1], after[1]}
        : new Tensor[] {before[0], before[1], after[1], after[2]};
  }

  /** The geometry of the pointwise step. */
  private static ConvGeometry pixelwise(ConvGeometry depthwise, int filters) {
    Dims one = Dims.fill(depthwise.window().rank(), 1);
    return ConvGeometry.of(
        "pointwise",
        depthwise.output(),
        new Window(one, one, one, Padding.SAME),
        depthwise.dataFormat(),
        filters);
  }

  private static Tensor inDouble(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    ConvGeometry first = geometry.withFilters(geometry.channels() * depthwise.shape().get(-1));
    ConvGeometry second = pixelwise(first, geometry.filters());
    double[] between = DoubleKernels.depthwiseConv(x.doubles(), depthwise.doubles(), null, first);
    double[] y =
        DoubleKernels.conv(
            between, pointwise.doubles(), 1, bias == null ? null : bias.doubles(), second);
    Tensor before =
        Tape.record(
            Tensor.wrap(y, geometry.output()),
            (g, needed) -> backwardInDouble(x, depthwise, pointwise, bias, g, needed, geometry),
            Inputs.of(x, depthwise, pointwise, bias));
    return activation.apply(before);
  }
}
