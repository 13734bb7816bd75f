package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.tensor.Tensor;

/**
 * The first of its two inputs minus the second, element by element. They broadcast: an axis of size
 * 1 stretches, and inputs of lower rank get axes of size 1 after the batch.
 *
 * <pre>{@code
 * Tensor a = Tensor.of(new float[] {2, 3}, 1, 2);
 * Tensor b = Tensor.of(new float[] {3, -1}, 1, 2);
 * System.out.println(new Subtract().apply(a, b)); // Tensor(float32(1, 2) [-1.0, 4.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Subtract"
 */
public final class Subtract extends Merge {
  /** With Keras' defaults. */
  public Subtract() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Subtract(Consumer<BasicOptions> options) {
    this(BasicOptions.of("Subtract", options));
  }

  Subtract(BasicOptions options) {
    super(options);
  }

  @Override
  void checkCount(int inputs) {
    if (inputs != 2) {
      throw Problem.in(toString(), "wrong number of inputs")
          .got(inputs)
          .expected("2")
          .asInvalidArgument();
    }
  }

  @Override
  Tensor merge(List<Tensor> inputs) {
    return Ops.subtract(inputs.get(0), inputs.get(1));
  }
}
