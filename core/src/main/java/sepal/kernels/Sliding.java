package sepal.kernels;

import sepal.shape.ConvGeometry;
import sepal.shape.Dims;

/**
 * Which geometries {@link SlidingWindow} and {@link Depthwise5} compute; apart from them, to be
 * asked without vectors.
 */
final class Sliding {
  private Sliding() {}

  /** Whether outputs of this geometry can be computed by {@link SlidingWindow#row}. */
  static boolean fits(ConvGeometry geometry) {
    int stride = geometry.window().strides().get(1);
    int dilation = geometry.window().dilation().get(1);
    int pad = geometry.padBefore().get(1);
    int last = geometry.outputSize().get(1) - 1;
    return geometry.window().size().equals(Dims.of(3, 3))
        && (stride == 1 || stride == 2 && dilation == 1)
        && pad <= (stride == 1 ? dilation : 1)
        && geometry.source(1, last, 1) < geometry.inputSize().get(1)
        && (stride == 1 || geometry.source(1, last - 1, 2) < geometry.inputSize().get(1));
  }

  /** Whether outputs of two neighbouring rows share inputs. */
  static boolean pairs(ConvGeometry geometry) {
    return geometry.window().strides().max() == 1 && geometry.window().dilation().max() == 1;
  }

  /** Whether outputs of this geometry can be computed by {@link Depthwise5}. */
  static boolean isFiveWide(ConvGeometry geometry) {
    return geometry.window().size().get(1) == 5
        && geometry.window().strides().get(1) == 1
        && geometry.window().dilation().get(1) == 1;
  }

  /** Whether outputs of this geometry can be computed by {@link SlidingWindow#down}. */
  static boolean fitsDown(ConvGeometry geometry) {
    int stride = geometry.window().strides().get(0);
    int dilation = geometry.window().dilation().get(0);
    return geometry.window().size().equals(Dims.of(3, 3))
        && (stride == 1 || stride == 2 && dilation == 1)
        && (dilation == 1 || geometry.outputSize().get(1) >= Gemm.LANES);
  }
}
