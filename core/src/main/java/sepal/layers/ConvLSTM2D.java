package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * An LSTM over images in time, which convolves where an LSTM multiplies matrices: of the input of a
 * step and of its memory of the steps before it makes new memory.
 *
 * <p>Input {@code (n, time, h, w, c)}, output {@code (n, newH, newW, filters)} after the last step,
 * or with returnSequences {@code (n, time, newH, newW, filters)}; with channels_first {@code (n,
 * time, c, h, w)} and the channels in the same place of the output. With returnState the last
 * memory and the last carry follow, each {@code (n, newH, newW, filters)}. Weights, for the gates
 * input, forget, carry and output in this order: {@code kernel (kh, kw, c, 4 * filters)}, {@code
 * recurrent_kernel (kh, kw, filters, 4 * filters)}, {@code bias (4 * filters)}.
 *
 * <p>Strides, padding and dilation are those of the inputs; the memory is convolved with padding
 * {@code same}. A stateful layer remembers from call to call; calls from several threads take turns
 * then.
 *
 * <pre>{@code
 * Layer layer = new ConvLSTM2D(8, 3, o -> o.padding("same"));
 * System.out.println(layer.apply(Tensor.zeros(2, 5, 32, 32, 3)).shape()); // (2, 32, 32, 8)
 * System.out.println(layer.getWeight("recurrent_kernel").shape()); // (3, 3, 8, 32)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ConvLSTM2D"
 */
public final class ConvLSTM2D extends BaseConvLSTM {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM2D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM2D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM2D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  ConvLSTM2D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvLSTMOptions<Options> {
    Options() {
      super("ConvLSTM2D", 2);
    }
  }
}
