package sepal.layers;

import java.util.List;
import sepal.tensor.Tensor;

/**
 * What {@link Layer#statelessCall} gives.
 *
 * @param output the output of the layer
 * @param nonTrainableVariables the values that the layer would have kept, in the order of {@link
 *     Layer#nonTrainableVariables}
 */
public record StatelessResult(Tensor output, List<Tensor> nonTrainableVariables) {}
