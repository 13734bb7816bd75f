package sepal.layers;

import java.util.function.Consumer;

/**
 * An LSTM over lines in time, which convolves where an LSTM multiplies matrices: of the input of a
 * step and of its memory of the steps before it makes new memory.
 *
 * <p>Input {@code (n, time, steps, c)}, output {@code (n, newSteps, filters)} after the last step,
 * or with returnSequences {@code (n, time, newSteps, filters)}; with channels_first {@code (n,
 * time, c, steps)} and the channels in the same place of the output. With returnState the last
 * memory and the last carry follow, each {@code (n, newSteps, filters)}. Weights, for the gates
 * input, forget, carry and output in this order: {@code kernel (k, c, 4 * filters)}, {@code
 * recurrent_kernel (k, filters, 4 * filters)}, {@code bias (4 * filters)}.
 *
 * <p>Strides, padding and dilation are those of the inputs; the memory is convolved with padding
 * {@code same}. A stateful layer remembers from call to call; calls from several threads take turns
 * then.
 *
 * <pre>{@code
 * Layer layer = new ConvLSTM1D(8, 3, o -> o.padding("same").returnSequences(true));
 * System.out.println(layer.apply(Tensor.zeros(2, 5, 32, 3)).shape()); // (2, 5, 32, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ConvLSTM1D"
 */
public final class ConvLSTM1D extends BaseConvLSTM {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM1D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM1D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  ConvLSTM1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvLSTMOptions<Options> {
    Options() {
      super("ConvLSTM1D", 1);
    }
  }
}
