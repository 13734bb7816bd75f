package sepal.layers;

import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/** What global pooling layers share: a window as large as the input. */
abstract class BaseGlobalPooling extends Layer {
  private final DataFormat dataFormat;
  private final boolean keepdims;

  BaseGlobalPooling(
      LayerOptions<?> options, LayerConfig config, DataFormat dataFormat, boolean keepdims) {
    super(options, config);
    this.dataFormat = dataFormat;
    this.keepdims = keepdims;
  }

  /** Pools under the one window of the geometry. */
  abstract Tensor pool(Tensor x, ConvGeometry geometry);

  @Override
  public final Shape computeOutputShape(Shape input) {
    ConvGeometry pixels = geometry(input, Dims.fill(2, 1));
    if (!keepdims) {
      return Shape.of(pixels.batch(), pixels.channels());
    }
    return dataFormat == DataFormat.CHANNELS_LAST
        ? Shape.of(pixels.batch(), 1, 1, pixels.channels())
        : Shape.of(pixels.batch(), pixels.channels(), 1, 1);
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    int first = dataFormat.firstSpatialAxis();
    Dims all = Dims.of(x.shape().get(first), x.shape().get(first + 1));
    return Ops.reshape(pool(x, geometry(x.shape(), all)), output);
  }

  private ConvGeometry geometry(Shape input, Dims size) {
    Window window = new Window(size, size, Dims.fill(2, 1), Padding.VALID);
    ConvGeometry geometry = ConvGeometry.of(toString(), input, window, dataFormat, 0);
    return geometry.withFilters(geometry.channels());
  }
}
