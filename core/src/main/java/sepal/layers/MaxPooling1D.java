package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/**
 * The greatest value under a window along one axis, for each channel.
 *
 * <p>Input {@code (n, steps, c)}, output {@code (n, newSteps, c)}; with channels_first {@code (n,
 * c, steps)} and {@code (n, c, newSteps)}. Padding never wins.
 *
 * <pre>{@code
 * Layer layer = new MaxPooling1D(2);
 * Tensor steps = Tensor.of(new float[] {1, 2, 4, 3}, 1, 4, 1);
 * System.out.println(layer.apply(steps)); // Tensor(float32(1, 2, 1) [2.0, 4.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.MaxPooling1D"
 */
public final class MaxPooling1D extends BasePooling {

  /** A window of 2 in steps of 2. */
  public MaxPooling1D() {
    this(2);
  }

  /**
   * @param poolSize length of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public MaxPooling1D(int poolSize) {
    this(poolSize, options -> {});
  }

  /**
   * @param poolSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public MaxPooling1D(int poolSize, Consumer<Options> options) {
    this(new Options().with(poolSize, options));
  }

  MaxPooling1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends PoolingOptions<Options> {
    Options() {
      super("MaxPooling1D", 1);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.maxPool(x, geometry);
  }
}
