package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * A convolution: every output channel looks at all input channels under the window, or with groups
 * at those of its group; then bias and activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, filters)}; with channels_first
 * {@code (n, c, h, w)} and {@code (n, filters, newH, newW)}. Weights: {@code kernel (kh, kw, c /
 * groups, filters)}, {@code bias (filters)}.
 *
 * <pre>{@code
 * Layer layer = new Conv2D(8, 3, o -> o.groups(2).activation("relu"));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 4)).shape()); // (4, 62, 62, 8)
 * System.out.println(layer.getWeight("kernel").shape()); // (3, 3, 2, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv2D"
 */
public final class Conv2D extends BaseStandardConv {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv2D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends StandardConvOptions<Options> {
    Options() {
      super("Conv2D", 2);
    }
  }
}
