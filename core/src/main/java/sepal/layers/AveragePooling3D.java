package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.tensor.Tensor;

/**
 * The mean of the values under a window, for each channel.
 *
 * <p>Input {@code (n, d, h, w, c)}, output {@code (n, newD, newH, newW, c)}; with channels_first
 * {@code (n, c, d, h, w)} and {@code (n, c, newD, newH, newW)}. Padding does not count.
 *
 * <pre>{@code
 * Layer layer = new AveragePooling3D(2);
 * Tensor volume = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2, 1);
 * System.out.println(layer.apply(volume)); // Tensor(float32(1, 1, 1, 1, 1) [4.5])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.AveragePooling3D"
 */
public final class AveragePooling3D extends BasePooling {

  /** A window of (2, 2, 2) in steps of (2, 2, 2). */
  public AveragePooling3D() {
    this(2);
  }

  /**
   * @param poolSize depth, height and width of the window, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling3D(int poolSize) {
    this(poolSize, options -> {});
  }

  /**
   * @param poolSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling3D(int poolSize, Consumer<Options> options) {
    this(new Options().with(poolSize, options));
  }

  /**
   * @param poolSize (depth, height, width) of the window, each at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public AveragePooling3D(Dims poolSize, Consumer<Options> options) {
    this(new Options().with(poolSize, options));
  }

  AveragePooling3D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends PoolingOptions<Options> {
    Options() {
      super("AveragePooling3D", 3);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.averagePool(x, geometry);
  }
}
