package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/**
 * The greatest value over all places of a volume, for each channel.
 *
 * <p>Input {@code (n, d, h, w, c)}, or {@code (n, c, d, h, w)} with channels_first; output {@code
 * (n, c)}, or with keepdims {@code (n, 1, 1, 1, c)} and {@code (n, c, 1, 1, 1)}.
 *
 * <pre>{@code
 * Layer layer = new GlobalMaxPooling3D();
 * System.out.println(layer.apply(Tensor.zeros(4, 7, 7, 7, 8)).shape()); // (4, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GlobalMaxPooling3D"
 */
public final class GlobalMaxPooling3D extends BaseGlobalPooling {

  /** With Keras' defaults. */
  public GlobalMaxPooling3D() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GlobalMaxPooling3D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  GlobalMaxPooling3D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends GlobalPoolingOptions<Options> {
    Options() {
      super("GlobalMaxPooling3D", 3);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.maxPool(x, geometry);
  }
}
