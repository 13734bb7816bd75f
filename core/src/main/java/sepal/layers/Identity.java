package sepal.layers;

import java.util.function.Consumer;
import sepal.tensor.Tensor;

/**
 * Passes its input on.
 *
 * @see "Keras 3.16, keras.layers.Identity"
 */
public final class Identity extends Rearranging {
  /** With Keras' defaults. */
  public Identity() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Identity(Consumer<BasicOptions> options) {
    this(BasicOptions.of("Identity", options));
  }

  Identity(BasicOptions options) {
    super(options);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x;
  }
}
