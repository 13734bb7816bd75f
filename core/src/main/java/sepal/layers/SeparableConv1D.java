package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.shape.Padding;

/**
 * A depthwise convolution along one axis, which acts on each channel alone, followed by a pointwise
 * one, which mixes the channels, then bias and activation.
 *
 * <p>Input {@code (n, steps, c)}, output {@code (n, newSteps, filters)}; with channels_first {@code
 * (n, c, steps)} and {@code (n, filters, newSteps)}. Weights: {@code depthwise_kernel (k, c,
 * depthMultiplier)}, {@code pointwise_kernel (1, c * depthMultiplier, filters)}, {@code bias
 * (filters)}. With padding {@code causal}, which Keras 3 refuses and Keras 2 knew, no output sees a
 * later input.
 *
 * <pre>{@code
 * Layer layer = new SeparableConv1D(8, 3, o -> o.padding("same").activation("relu"));
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 128, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.SeparableConv1D; TensorFlow 2.9 for causal"
 */
public final class SeparableConv1D extends BaseSeparableConv {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv1D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public SeparableConv1D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  SeparableConv1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends SeparableConvOptions<Options> {
    Options() {
      super("SeparableConv1D", 1);
    }

    @Override
    List<Padding> paddings() {
      return List.of(Padding.values());
    }
  }
}
