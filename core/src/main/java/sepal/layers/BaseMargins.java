package sepal.layers;

import java.util.List;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What padding and cropping layers share. */
abstract class BaseMargins extends Rearranging {
  private final Margins margins;
  private final DataFormat dataFormat;

  BaseMargins(LayerOptions<?> options, LayerConfig config, Margins margins, DataFormat dataFormat) {
    super(options, config);
    this.margins = margins;
    this.dataFormat = dataFormat;
  }

  @Override
  public final Shape computeOutputShape(Shape input) {
    String inputs = List.of("sequences", "images", "volumes").get(margins.rank() - 1);
    InputSpec.checkRank(toString(), input, margins.rank() + 2, "for " + inputs);
    return margins.around(toString(), input, dataFormat);
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    return Ops.pad(x, margins, computeOutputShape(x.shape()), dataFormat);
  }
}
