package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.tensor.Tensor;

/**
 * The least of its inputs, element by element; a NaN wins. They broadcast: an axis of size 1
 * stretches, and inputs of lower rank get axes of size 1 after the batch.
 *
 * <pre>{@code
 * Tensor a = Tensor.of(new float[] {2, 3}, 1, 2);
 * Tensor b = Tensor.of(new float[] {3, -1}, 1, 2);
 * System.out.println(new Minimum().apply(a, b)); // Tensor(float32(1, 2) [2.0, -1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Minimum"
 */
public final class Minimum extends Merge {
  /** With Keras' defaults. */
  public Minimum() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Minimum(Consumer<BasicOptions> options) {
    this(BasicOptions.of("Minimum", options));
  }

  Minimum(BasicOptions options) {
    super(options);
  }

  @Override
  Tensor merge(List<Tensor> inputs) {
    return inputs.stream().reduce(Ops::minimum).orElseThrow();
  }
}
