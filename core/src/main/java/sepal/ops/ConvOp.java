package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.ConvGeometry;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** A dense or grouped convolution, then bias and activation. */
final class ConvOp {
  private ConvOp() {}

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
    if (geometry.window().rank() == 3) {
      return Volumes.conv(x, kernel, bias, activation, groups, geometry);
    }
    Kernels kernels = KernelChoice.kernels();
    Clamp clamp = Fused.clamp(activation);
    float[] y = new float[geometry.output().size()];
    kernels.conv2d(
        x.floats(),
        0,
        Packing.of(kernels, kernel, groups),
        bias == null ? null : bias.floats(),
        clamp,
        y,
        0,
        geometry.planar());
    Tensor stored = Tensor.wrap(y, geometry.output());
    Tape.record(
        stored,
        (g, needed) -> backward(x, kernel, bias, stored, clamp, groups, g, needed, geometry),
        Inputs.of(x, kernel, bias));
    return Fused.finish(stored, activation);
  }

  private static @Nullable Tensor[] backward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Tensor stored,
      Clamp clamp,
      int groups,
      Tensor upstream,
      boolean[] needed,
      ConvGeometry geometry) {
    Kernels kernels = KernelChoice.kernels();
    return ConvBackward.inFloat(
        x,
        kernel,
        bias,
        needed,
        (dx, dKernel, dBias) ->
            kernels.conv2dBackward(
                x.floats(),
                Packing.forGradient(kernels, kernel, groups),
                Fused.stored(stored, clamp),
                clamp,
                upstream.cast(DType.FLOAT32).floats(),
                dx,
                dKernel,
                dBias,
                geometry.planar()));
  }
}
