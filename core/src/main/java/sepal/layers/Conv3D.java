package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * A convolution over three axes, of volumes or of images in time: every output channel looks at all
 * input channels under the window, or with groups at those of its group; then bias and activation.
 *
 * <p>Input {@code (n, d, h, w, c)}, output {@code (n, newD, newH, newW, filters)}; with
 * channels_first {@code (n, c, d, h, w)} and {@code (n, filters, newD, newH, newW)}. Weights:
 * {@code kernel (kd, kh, kw, c / groups, filters)}, {@code bias (filters)}.
 *
 * <pre>{@code
 * Layer layer = new Conv3D(8, 3, o -> o.padding("same").activation("relu"));
 * System.out.println(layer.apply(Tensor.zeros(2, 8, 16, 16, 3)).shape()); // (2, 8, 16, 16, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv3D"
 */
public final class Conv3D extends BaseStandardConv {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (depth, height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv3D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends StandardConvOptions<Options> {
    Options() {
      super("Conv3D", 3);
    }
  }
}
