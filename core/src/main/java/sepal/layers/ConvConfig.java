package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.regularizers.Regularizer;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.tensor.DTypePolicy;

/**
 * The arguments of {@link Conv1D}, {@link Conv2D} and {@link Conv3D}: Keras' {@code get_config}.
 */
public record ConvConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    int filters,
    Dims kernelSize,
    Dims strides,
    Padding padding,
    DataFormat dataFormat,
    Dims dilationRate,
    int groups,
    Activation activation,
    boolean useBias,
    @Nullable Initializer kernelInitializer,
    @Nullable Initializer biasInitializer,
    @Nullable Regularizer kernelRegularizer,
    @Nullable Regularizer biasRegularizer,
    @Nullable Regularizer activityRegularizer,
    @Nullable Constraint kernelConstraint,
    @Nullable Constraint biasConstraint)
    implements ConvArguments {
  ConvConfig(Arguments.Values v) {
    this(
        v.next(),
        v.flag(),
        v.next(),
        v.integer(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.integer(),
        v.next(),
        v.flag(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next());
  }
}
