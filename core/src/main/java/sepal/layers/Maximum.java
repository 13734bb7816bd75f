package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.tensor.Tensor;

/**
 * The greatest of its inputs, element by element; a NaN wins. They broadcast: an axis of size 1
 * stretches, and inputs of lower rank get axes of size 1 after the batch.
 *
 * <pre>{@code
 * Tensor a = Tensor.of(new float[] {2, 3}, 1, 2);
 * Tensor b = Tensor.of(new float[] {3, -1}, 1, 2);
 * System.out.println(new Maximum().apply(a, b)); // Tensor(float32(1, 2) [3.0, 3.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Maximum"
 */
public final class Maximum extends Merge {
  /** With Keras' defaults. */
  public Maximum() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Maximum(Consumer<BasicOptions> options) {
    this(BasicOptions.of("Maximum", options));
  }

  Maximum(BasicOptions options) {
    super(options);
  }

  @Override
  Tensor merge(List<Tensor> inputs) {
    return inputs.stream().reduce(Ops::maximum).orElseThrow();
  }
}
