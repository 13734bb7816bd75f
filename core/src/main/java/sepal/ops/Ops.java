package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/** Pure functions of tensors: the door to the operations of this room. */
public final class Ops {
  private Ops() {}

  /**
   * Depthwise convolution, pointwise convolution, bias, activation.
   *
   * @param x in the layout of the geometry
   * @param depthwise (kh, kw, c, multiplier)
   * @param pointwise (1, 1, c * multiplier, filters)
   * @param bias (filters), or null
   * @return shape {@code geometry.output()}
   */
  public static Tensor separableConv2d(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    return SeparableConv2DOp.forward(x, depthwise, pointwise, bias, activation, geometry);
  }
}
