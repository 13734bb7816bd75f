package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * The mean of its inputs, element by element. They broadcast: an axis of size 1 stretches, and
 * inputs of lower rank get axes of size 1 after the batch.
 *
 * <pre>{@code
 * Tensor a = Tensor.of(new float[] {2, 3}, 1, 2);
 * Tensor b = Tensor.of(new float[] {3, -1}, 1, 2);
 * System.out.println(new Average().apply(a, b)); // Tensor(float32(1, 2) [2.5, 1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Average"
 */
public final class Average extends Merge {
  /** With Keras' defaults. */
  public Average() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Average(Consumer<BasicOptions> options) {
    this(BasicOptions.of("Average", options));
  }

  Average(BasicOptions options) {
    super(options);
  }

  @Override
  Tensor merge(List<Tensor> inputs) {
    Tensor sum = inputs.stream().reduce(Ops::add).orElseThrow();
    return Ops.divide(sum, Tensor.full(sum.dtype(), Shape.of(), inputs.size()));
  }
}
