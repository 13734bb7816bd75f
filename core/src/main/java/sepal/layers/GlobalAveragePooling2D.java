package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/**
 * The mean of the values over all pixels, for each channel.
 *
 * <p>Input {@code (n, h, w, c)}, or {@code (n, c, h, w)} with channels_first; output {@code (n,
 * c)}, or with keepdims {@code (n, 1, 1, c)} and {@code (n, c, 1, 1)}.
 *
 * <pre>{@code
 * Layer layer = new GlobalAveragePooling2D();
 * System.out.println(layer.apply(Tensor.zeros(4, 7, 7, 512)).shape()); // (4, 512)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GlobalAveragePooling2D"
 */
public final class GlobalAveragePooling2D extends BaseGlobalPooling {

  /** With Keras' defaults. */
  public GlobalAveragePooling2D() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GlobalAveragePooling2D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  GlobalAveragePooling2D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends GlobalPoolingOptions<Options> {
    Options() {
      super("GlobalAveragePooling2D", 2);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.averagePool(x, geometry);
  }
}
