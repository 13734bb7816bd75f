package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * A convolution of each channel alone, with {@code depthMultiplier} outputs for each; then bias and
 * activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c * depthMultiplier)}; with
 * channels_first {@code (n, c, h, w)} and {@code (n, c * depthMultiplier, newH, newW)}. Weights:
 * {@code kernel (kh, kw, c, depthMultiplier)}, {@code bias (c * depthMultiplier)}.
 *
 * <pre>{@code
 * Layer layer = new DepthwiseConv2D(3, o -> o.depthMultiplier(2).padding("same"));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 3)).shape()); // (4, 64, 64, 6)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.DepthwiseConv2D"
 */
public final class DepthwiseConv2D extends BaseDepthwiseConv {

  /**
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(int kernelSize) {
    this(kernelSize, options -> {});
  }

  /**
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(int kernelSize, Consumer<Options> options) {
    this(new Options().with(kernelSize, options));
  }

  /**
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv2D(Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(kernelSize, options));
  }

  DepthwiseConv2D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends DepthwiseConvOptions<Options> {
    Options() {
      super("DepthwiseConv2D", 2);
    }
  }
}
