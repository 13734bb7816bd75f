package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * A transposed convolution, also called deconvolution: it goes the way of a {@link Conv3D}
 * backwards, so that strides enlarge; then bias and activation.
 *
 * <p>Input {@code (n, d, h, w, c)}, output {@code (n, newD, newH, newW, filters)}; with
 * channels_first {@code (n, c, d, h, w)} and {@code (n, filters, newD, newH, newW)}. Weights:
 * {@code kernel (kd, kh, kw, filters, c)}, {@code bias (filters)}.
 *
 * <p>With a kernel that spans {@code k} pixels ({@code (kernelSize - 1) * dilationRate + 1}) and
 * strides {@code s}, {@code h} rows become {@code h * s} with padding {@code same}, and {@code (h -
 * 1) * s + max(k, s)} with {@code valid}. An outputPadding {@code p} makes them {@code (h - 1) * s
 * + k % 2 + p} and {@code (h - 1) * s + k + p}.
 *
 * <pre>{@code
 * Layer layer = new Conv3DTranspose(8, 3, o -> o.strides(2).padding("same"));
 * System.out.println(layer.apply(Tensor.zeros(2, 4, 8, 8, 3)).shape()); // (2, 8, 16, 16, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv3DTranspose"
 */
public final class Conv3DTranspose extends BaseConvTranspose {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3DTranspose(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3DTranspose(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (depth, height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv3DTranspose(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv3DTranspose(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvTransposeOptions<Options> {
    Options() {
      super("Conv3DTranspose", 3);
    }
  }
}
