package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.tensor.Tensor;

/**
 * The mean of the values under a window, for each channel.
 *
 * <p>Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c)}; with channels_first {@code (n,
 * c, h, w)} and {@code (n, c, newH, newW)}. Padding does not count.
 *
 * <pre>{@code
 * Layer layer = new AveragePooling2D(2);
 * Tensor image = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2, 1);
 * System.out.println(layer.apply(image)); // Tensor(float32(1, 1, 1, 1) [2.5])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.AveragePooling2D"
 */
public final class AveragePooling2D extends BasePooling {

  /** A window of (2, 2) in steps of (2, 2). */
  public AveragePooling2D() {
    this(2);
  }

  /**
   * @param poolSize height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling2D(int poolSize) {
    this(poolSize, options -> {});
  }

  /**
   * @param poolSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling2D(int poolSize, Consumer<Options> options) {
    this(new Options().with(poolSize, options));
  }

  /**
   * @param poolSize (height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling2D(Dims poolSize, Consumer<Options> options) {
    this(new Options().with(poolSize, options));
  }

  AveragePooling2D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends PoolingOptions<Options> {
    Options() {
      super("AveragePooling2D", 2);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.averagePool(x, geometry);
  }
}
