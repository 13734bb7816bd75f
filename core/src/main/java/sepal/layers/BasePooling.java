package sepal.layers;

import sepal.shape.ConvGeometry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What pooling layers share: a window that looks at each channel alone. */
abstract class BasePooling extends Layer {
  private final PoolingConfig config;

  BasePooling(PoolingOptions<?> options) {
    this(options, options.freeze());
  }

  private BasePooling(PoolingOptions<?> options, PoolingConfig config) {
    super(options, config);
    this.config = config;
  }

  @Override
  public final PoolingConfig config() {
    return config;
  }

  /** The one place that this layer asks for shapes. */
  private ConvGeometry geometry(Shape input) {
    ConvGeometry geometry =
        ConvGeometry.of(toString(), input, config.window(), config.dataFormat(), 0);
    return geometry.withFilters(geometry.channels());
  }

  /** Pools under the window of the geometry. */
  abstract Tensor pool(Tensor x, ConvGeometry geometry);

  @Override
  public final Shape computeOutputShape(Shape input) {
    return geometry(input).output();
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    return pool(x, geometry(x.shape()));
  }
}
