package sepal.layers;

import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.shape.Window;

/** What pooling layers share: a window that looks at each channel alone. */
abstract class BasePooling extends Layer {
  private final Window window;
  private final DataFormat dataFormat;

  BasePooling(LayerOptions<?> options, LayerConfig config, Window window, DataFormat dataFormat) {
    super(options, config);
    this.window = window;
    this.dataFormat = dataFormat;
  }

  /** The one place that this layer asks for shapes. */
  final ConvGeometry geometry(Shape input) {
    ConvGeometry geometry = ConvGeometry.of(toString(), input, window, dataFormat, 0);
    return geometry.withFilters(geometry.channels());
  }

  @Override
  public final Shape computeOutputShape(Shape input) {
    return geometry(input).output();
  }
}
