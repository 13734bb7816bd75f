package sepal.layers;

import sepal.shape.Shape;
import sepal.tensor.DType;

/**
 * What is known of a tensor before it is computed.
 *
 * @param shape unknown where only data will tell; axis 0 is the batch
 * @param dtype the type of its elements
 */
public record TensorSpec(Shape shape, DType dtype) {}
