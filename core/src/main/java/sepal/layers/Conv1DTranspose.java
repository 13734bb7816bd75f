package sepal.layers;

import java.util.function.Consumer;

/**
 * A transposed convolution along one axis, also called deconvolution: it goes the way of a {@link
 * Conv1D} backwards, so that strides enlarge; then bias and activation.
 *
 * <p>Input {@code (n, steps, c)}, output {@code (n, newSteps, filters)}; with channels_first {@code
 * (n, c, steps)} and {@code (n, filters, newSteps)}. Weights: {@code kernel (k, filters, c)},
 * {@code bias (filters)}. How many steps there will be, {@link Conv2DTranspose} tells.
 *
 * <pre>{@code
 * Layer layer = new Conv1DTranspose(8, 3, o -> o.strides(2).padding("same"));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 5)).shape()); // (4, 128, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv1DTranspose"
 */
public final class Conv1DTranspose extends BaseConvTranspose {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv1DTranspose(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv1DTranspose(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv1DTranspose(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvTransposeOptions<Options> {
    Options() {
      super("Conv1DTranspose", 1);
    }
  }
}
