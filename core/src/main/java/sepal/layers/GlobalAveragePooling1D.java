package sepal.layers;

import java.util.function.Consumer;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/**
 * The mean of the values over all steps, for each channel.
 *
 * <p>Input {@code (n, steps, c)}, or {@code (n, c, steps)} with channels_first; output {@code (n,
 * c)}, or with keepdims {@code (n, 1, c)} and {@code (n, c, 1)}.
 *
 * <pre>{@code
 * Layer layer = new GlobalAveragePooling1D();
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 16)).shape()); // (4, 16)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GlobalAveragePooling1D"
 */
public final class GlobalAveragePooling1D extends BaseGlobalPooling {

  /** With Keras' defaults. */
  public GlobalAveragePooling1D() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GlobalAveragePooling1D(Consumer<Options> options) {
    this(new Options().with(options));
  }

  GlobalAveragePooling1D(Options options) {
    super(options);
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends GlobalPoolingOptions<Options> {
    Options() {
      super("GlobalAveragePooling1D", 1);
    }
  }

  @Override
  Tensor pool(Tensor x, ConvGeometry geometry) {
    return Ops.averagePool(x, geometry);
  }
}
