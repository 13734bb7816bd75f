package sepal.layers;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.Dims;

/**
 * A depthwise convolution, which acts on each channel alone, followed by a pointwise one, which
 * mixes the channels, then bias and activation.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, filters)}; with channels_first
 * {@code (n, c, h, w)} and {@code (n, filters, newH, newW)}. Weights: {@code depthwise_kernel (kh,
 * kw, c, depthMultiplier)}, {@code pointwise_kernel (1, 1, c * depthMultiplier, filters)}, {@code
 * bias (filters)}.
 *
 * <pre>{@code
 * Tensor images = Tensor.zeros(4, 64, 64, 3);
 * Layer layer = new SeparableConv2D(32, 3, o -> o.strides(2).padding("same").activation("relu"));
 * System.out.println(layer.apply(images).shape()); // (4, 32, 32, 32)
 * System.out.println(layer.countParams()); // 155
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.SeparableConv2D"
 */
public final class SeparableConv2D extends BaseSeparableConv {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv2D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  SeparableConv2D(Options options) {
    super(options);
  }

  /**
   * A new layer from what {@link #getConfig} or Keras wrote: without weights and calls.
   *
   * @throws IllegalArgumentException if an argument is missing, unknown or wrong
   */
  public static SeparableConv2D fromConfig(Map<String, ? extends @Nullable Object> config) {
    return fromConfig(SeparableConv2D.class, config);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends SeparableConvOptions<Options> {
    Options() {
      super("SeparableConv2D", 2);
    }
  }
}
