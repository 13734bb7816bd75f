package sepal.layers;

import java.util.function.Consumer;

/**
 * The beginning of a functional model: symbolic tensors to call layers on.
 *
 * @see "Keras 3.16, keras.Input"
 */
public final class Input {
  private Input() {}

  /**
   * A symbolic float32 input.
   *
   * @param shape the shape of one sample, without the batch axis; unknown axes are -1
   */
  public static KerasTensor of(int... shape) {
    return of(options -> options.shape(shape));
  }

  /**
   * A symbolic input.
   *
   * @param options sets shape or batchShape, and optionally batchSize, dtype and name
   * @throws IllegalArgumentException if there is no shape, or a shape beside a batch shape
   */
  public static KerasTensor of(Consumer<InputLayer.Options> options) {
    return new InputLayer(options).output();
  }
}
