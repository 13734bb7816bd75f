package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * A transposed convolution, also called deconvolution: it goes the way of a {@link Conv2D}
 * backwards, so that strides enlarge; then bias and activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, filters)}; with channels_first
 * {@code (n, c, h, w)} and {@code (n, filters, newH, newW)}. Weights: {@code kernel (kh, kw,
 * filters, c)}, {@code bias (filters)}.
 *
 * <p>With a kernel that spans {@code k} pixels ({@code (kernelSize - 1) * dilationRate + 1}) and
 * strides {@code s}, {@code h} rows become {@code h * s} with padding {@code same}, and {@code (h -
 * 1) * s + max(k, s)} with {@code valid}. An outputPadding {@code p} makes them {@code (h - 1) * s
 * + k % 2 + p} and {@code (h - 1) * s + k + p}.
 *
 * <pre>{@code
 * Layer layer = new Conv2DTranspose(8, 3, o -> o.strides(2).padding("same"));
 * System.out.println(layer.apply(Tensor.zeros(4, 32, 32, 16)).shape()); // (4, 64, 64, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv2DTranspose"
 */
public final class Conv2DTranspose extends BaseConvTranspose {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2DTranspose(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2DTranspose(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv2DTranspose(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv2DTranspose(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvTransposeOptions<Options> {
    Options() {
      super("Conv2DTranspose", 2);
    }
  }
}
