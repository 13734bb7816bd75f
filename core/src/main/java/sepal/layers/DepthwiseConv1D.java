package sepal.layers;

import java.util.function.Consumer;

/**
 * A convolution of each channel alone along one axis, with {@code depthMultiplier} outputs for
 * each; then bias and activation.
 *
 * <p>Input {@code (n, steps, c)}, output {@code (n, newSteps, c * depthMultiplier)}; with
 * channels_first {@code (n, c, steps)} and {@code (n, c * depthMultiplier, newSteps)}. Weights:
 * {@code kernel (k, c, depthMultiplier)}, {@code bias (c * depthMultiplier)}.
 *
 * <pre>{@code
 * Layer layer = new DepthwiseConv1D(3, o -> o.depthMultiplier(2));
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 126, 10)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.DepthwiseConv1D"
 */
public final class DepthwiseConv1D extends BaseDepthwiseConv {

  /**
   * @param kernelSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv1D(int kernelSize) {
    this(kernelSize, options -> {});
  }

  /**
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public DepthwiseConv1D(int kernelSize, Consumer<Options> options) {
    this(new Options().with(kernelSize, options));
  }

  DepthwiseConv1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends DepthwiseConvOptions<Options> {
    Options() {
      super("DepthwiseConv1D", 1);
    }
  }
}
