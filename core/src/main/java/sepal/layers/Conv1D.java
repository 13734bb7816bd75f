package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.shape.Padding;

/**
 * A convolution along one axis, of time or of anything else: every output channel looks at all
 * input channels under the window, or with groups at those of its group; then bias and activation.
 *
 * <p>Input {@code (n, steps, c)}, output {@code (n, newSteps, filters)}; with channels_first {@code
 * (n, c, steps)} and {@code (n, filters, newSteps)}. Weights: {@code kernel (k, c / groups,
 * filters)}, {@code bias (filters)}. With padding {@code causal} no output sees a later input.
 *
 * <pre>{@code
 * Layer layer = new Conv1D(8, 3, o -> o.padding("causal").dilationRate(2));
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 128, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Conv1D"
 */
public final class Conv1D extends BaseStandardConv {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv1D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Conv1D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  Conv1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends StandardConvOptions<Options> {
    Options() {
      super("Conv1D", 1);
    }

    @Override
    List<Padding> paddings() {
      return List.of(Padding.values());
    }
  }
}
