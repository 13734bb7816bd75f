package sepal.layers;

import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/** What global pooling layers share: a window as large as the input. */
abstract class BaseGlobalPooling extends Layer {
  private final GlobalPoolingConfig config;
  private final int rank;

  BaseGlobalPooling(GlobalPoolingOptions<?> options) {
    this(options, new GlobalPoolingConfig(options.values(GlobalPoolingConfig.class)));
  }

  private BaseGlobalPooling(GlobalPoolingOptions<?> options, GlobalPoolingConfig config) {
    super(options, config);
    this.config = config;
    this.rank = options.spatialRank();
  }

  @Override
  public final GlobalPoolingConfig config() {
    return config;
  }

  /** Pools under the one window of the geometry. */
  abstract Tensor pool(Tensor x, ConvGeometry geometry);

  @Override
  public final Shape computeOutputShape(Shape input) {
    ConvGeometry positions = geometry(input, Dims.fill(rank, 1));
    if (!config.keepdims()) {
      return Shape.of(positions.batch(), positions.channels());
    }
    Shape output = input;
    for (int axis = 0; axis < rank; axis++) {
      output = output.with(config.dataFormat().firstSpatialAxis() + axis, 1);
    }
    return output;
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    int first = config.dataFormat().firstSpatialAxis();
    Dims all = Dims.of(x.shape().slice(first, first + rank).toArray());
    return Ops.reshape(pool(x, geometry(x.shape(), all)), output);
  }

  private ConvGeometry geometry(Shape input, Dims size) {
    Window window = new Window(size, size, Dims.fill(rank, 1), Padding.VALID);
    ConvGeometry geometry = ConvGeometry.of(toString(), input, window, config.dataFormat(), 0);
    return geometry.withFilters(geometry.channels());
  }
}
