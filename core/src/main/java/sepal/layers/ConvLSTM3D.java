package sepal.layers;

import java.util.function.Consumer;
import sepal.shape.Dims;

/**
 * An LSTM over volumes in time, which convolves where an LSTM multiplies matrices: of the input of
 * a step and of its memory of the steps before it makes new memory.
 *
 * <p>Input {@code (n, time, d, h, w, c)}, output {@code (n, newD, newH, newW, filters)} after the
 * last step, or with returnSequences {@code (n, time, newD, newH, newW, filters)}; with
 * channels_first {@code (n, time, c, d, h, w)} and the channels in the same place of the output.
 * With returnState the last memory and the last carry follow, each {@code (n, newD, newH, newW,
 * filters)}. Weights, for the gates input, forget, carry and output in this order: {@code kernel
 * (kd, kh, kw, c, 4 * filters)}, {@code recurrent_kernel (kd, kh, kw, filters, 4 * filters)},
 * {@code bias (4 * filters)}.
 *
 * <p>Strides, padding and dilation are those of the inputs; the memory is convolved with padding
 * {@code same}. A stateful layer remembers from call to call; calls from several threads take turns
 * then.
 *
 * <pre>{@code
 * Layer layer = new ConvLSTM3D(4, 2);
 * System.out.println(layer.apply(Tensor.zeros(1, 3, 6, 6, 6, 2)).shape()); // (1, 5, 5, 5, 4)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ConvLSTM3D"
 */
public final class ConvLSTM3D extends BaseConvLSTM {

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM3D(int filters, int kernelSize) {
    this(filters, kernelSize, options -> {});
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM3D(int filters, int kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  /**
   * @param filters channels of the output, at least 1
   * @param kernelSize (depth, height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public ConvLSTM3D(int filters, Dims kernelSize, Consumer<Options> options) {
    this(new Options().with(filters, kernelSize, options));
  }

  ConvLSTM3D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends ConvLSTMOptions<Options> {
    Options() {
      super("ConvLSTM3D", 3);
    }
  }
}
