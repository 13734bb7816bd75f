package sepal.layers;

import java.util.function.Consumer;
import sepal.tensor.Tensor;

/**
 * Passes its input on.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
 * System.out.println(new Identity().apply(x)); // Tensor(float32(1, 2) [1.0, 2.0])
 * }</pre>
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
