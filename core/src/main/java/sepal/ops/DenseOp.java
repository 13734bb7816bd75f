package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** A product with a matrix on the last axis, then bias and activation. */
final class DenseOp {
  private DenseOp() {}

  static Tensor forward(Tensor x, Tensor kernel, @Nullable Tensor bias, Activation activation) {
    Kernels kernels = KernelChoice.kernels();
    Shape output = x.shape().with(-1, kernel.shape().get(1));
    float[] y = new float[output.size()];
    kernels.dense(
        x.floats(),
        0,
        output.slice(0, output.rank() - 1).size(),
        Packing.of(kernels, kernel, 1, DataFormat.CHANNELS_LAST),
        bias == null ? null : bias.floats(),
        Fused.clamp(activation),
        y,
        0);
    return Fused.finish(Tensor.wrap(y, output), activation);
  }
}
