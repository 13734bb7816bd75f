package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.kernels.DoubleKernels;
import sepal.shape.ConvGeometry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** The gradients of products with a kernel: convolutions, dense, grouped and depthwise. */
final class ConvBackward {
  private ConvBackward() {}

  /** A kernel that computes what is not null, in float32. */
  interface Kernel {
    void run(float @Nullable [] dx, float @Nullable [] dKernel, float @Nullable [] dBias);
  }

  /** The gradients by input, kernel and, if there is one, bias, by a kernel in float32. */
  static @Nullable Tensor[] inFloat(
      Tensor x, Tensor kernel, @Nullable Tensor bias, boolean[] needed, Kernel run) {
    Gradient dx = Gradient.of(x, needed[0]);
    Gradient dKernel = Gradient.of(kernel, needed[1]);
    Gradient dBias = Gradient.of(bias, bias != null && needed[2]);
    run.run(dx.values(), dKernel.values(), dBias.values());
    return new Tensor[] {dx.tensor(), dKernel.tensor(), dBias.tensor()};
  }

  /**
   * The gradients by input, kernel and, if there is one, bias, in float64.
   *
   * @param kernel (k..., channels / groups, filters); a depthwise kernel is the same in memory,
   *     with as many groups as channels
   * @param upstream the gradient by the output before the activation
   */
  static Tensor[] of(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      int groups,
      Tensor upstream,
      boolean[] needed,
      ConvGeometry geometry) {
    double[] g = upstream.toDoubleArray();
    double[] dx = needed[0] ? new double[x.size()] : null;
    double[] dKernel = needed[1] ? new double[kernel.size()] : null;
    DoubleKernels.convBackward(
        x.toDoubleArray(), kernel.toDoubleArray(), groups, g, dx, dKernel, geometry);
    Tensor[] gradients = new Tensor[bias == null ? 2 : 3];
    gradients[0] = tensor(dx, x);
    gradients[1] = tensor(dKernel, kernel);
    if (bias != null) {
      gradients[2] = tensor(DoubleKernels.biasBackward(g, geometry), bias);
    }
    return gradients;
  }

  private static @Nullable Tensor tensor(double @Nullable [] values, Tensor like) {
    Shape shape = like.shape();
    return values == null ? null : Tensor.wrap(values, shape).cast(like.dtype());
  }
}
