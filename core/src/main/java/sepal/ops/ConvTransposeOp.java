package sepal.ops;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.kernels.Clamp;
import sepal.kernels.DoubleKernels;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * A transposed convolution, then bias: what is the gradient of a convolution by its input is the
 * forward here, and that convolution itself is the gradient.
 */
final class ConvTransposeOp {
  private ConvTransposeOp() {}

  static Tensor forward(Tensor x, Tensor kernel, @Nullable Tensor bias, ConvGeometry convolution) {
    if (convolution.window().rank() == 3 && x.dtype() == DType.FLOAT32) {
      Tensor y = Volumes.convTranspose(x, kernel, convolution);
      return bias == null ? y : Ops.add(y, along(bias, y, convolution.dataFormat()));
    }
    return Tape.record(
        compute(x, kernel, bias, convolution),
        (g, needed) -> backward(x, kernel, bias, g, needed, convolution),
        Inputs.of(x, kernel, bias));
  }

  private static Tensor compute(
      Tensor x, Tensor kernel, @Nullable Tensor bias, ConvGeometry convolution) {
    Shape output = convolution.input();
    if (x.dtype() == DType.FLOAT64) {
      double[] y = new double[output.size()];
      DoubleKernels.convBackward(y, kernel.doubles(), 1, x.doubles(), y, null, convolution);
      for (int i = 0; bias != null && i < y.length; i++) {
        y[i] += bias.get(i / inner(convolution) % bias.size());
      }
      return Tensor.wrap(y, output);
    }
    Kernels kernels = KernelChoice.kernels();
    float[] y = new float[output.size()];
    kernels.conv2dBackward(
        y, // in place of the input, which only the gradient by the kernel depends on
        Packing.forGradient(kernels, kernel, 1),
        null,
        Clamp.NONE,
        x.floats(),
        y,
        null,
        null,
        convolution.planar());
    if (bias != null && y.length > 0) {
      float[] ones = new float[bias.size()];
      Arrays.fill(ones, 1);
      int inner = inner(convolution);
      int outer = y.length / inner / ones.length;
      kernels.scaleShift(y, 0, ones, bias.floats(), Clamp.NONE, y, 0, outer, ones.length, inner);
    }
    return Tensor.wrap(y, output);
  }

  /** The bias in a shape that stretches to that of y. */
  private static Tensor along(Tensor bias, Tensor y, DataFormat dataFormat) {
    int[] sizes = new int[y.shape().rank()];
    Arrays.fill(sizes, 1);
    sizes[dataFormat.channelAxis(sizes.length)] = bias.size();
    return Ops.reshape(bias, Shape.of(sizes));
  }

  /** Neighbouring values of one channel of the output. */
  private static int inner(ConvGeometry convolution) {
    return convolution.dataFormat() == DataFormat.CHANNELS_LAST
        ? 1
        : convolution.inputSize().product();
  }

  private static @Nullable Tensor[] backward(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Tensor upstream,
      boolean[] needed,
      ConvGeometry convolution) {
    Tensor g = upstream.cast(x.dtype());
    Tensor dx = needed[0] ? convolved(g, kernel, convolution) : null;
    Tensor dKernel = needed[1] ? kernelGradient(x, kernel, g, convolution) : null;
    if (bias == null) {
      return new @Nullable Tensor[] {dx, dKernel};
    }
    return new @Nullable Tensor[] {dx, dKernel, needed[2] ? biasGradient(g, convolution) : null};
  }

  private static Tensor convolved(Tensor g, Tensor kernel, ConvGeometry convolution) {
    return ConvOp.forward(g, kernel, null, Activations.LINEAR, 1, convolution);
  }

  /** The gradient by the kernel of the convolution, whose input and upstream changed places. */
  private static Tensor kernelGradient(
      Tensor x, Tensor kernel, Tensor g, ConvGeometry convolution) {
    if (x.dtype() == DType.FLOAT64) {
      double[] gradient = new double[kernel.size()];
      DoubleKernels.convBackward(
          g.doubles(), kernel.doubles(), 1, x.doubles(), null, gradient, convolution);
      return Tensor.wrap(gradient, kernel.shape());
    }
    Kernels kernels = KernelChoice.kernels();
    float[] gradient = new float[kernel.size()];
    kernels.conv2dBackward(
        g.floats(),
        Packing.forGradient(kernels, kernel, 1),
        null,
        Clamp.NONE,
        x.floats(),
        null,
        gradient,
        null,
        convolution.planar());
    return Tensor.wrap(gradient, kernel.shape());
  }

  private static Tensor biasGradient(Tensor g, ConvGeometry convolution) {
    int rank = g.shape().rank();
    int channels = convolution.dataFormat().channelAxis(rank);
    return Ops.sum(g, IntStream.range(0, rank).filter(axis -> axis != channels).toArray());
  }
}
