package sepal.layers;

import java.util.List;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * A layer that moves elements and computes nothing: as in Keras, floating inputs are cast to the
 * compute type and all others keep theirs.
 */
abstract class Rearranging extends Layer {

  Rearranging(LayerOptions<?> options, LayerConfig config) {
    super(options, config);
  }

  Rearranging(BasicOptions options) {
    super(options);
  }

  @Override
  protected final Tensor castInput(Tensor input) {
    return input.dtype().isFloating() ? super.castInput(input) : input;
  }

  @Override
  protected final List<DType> outputDtypes(List<DType> inputs, int outputs) {
    DType first = inputs.get(0);
    boolean kept = !first.isFloating() && inputs.stream().allMatch(dtype -> dtype == first);
    return List.of(kept ? first : computeDtype());
  }
}
