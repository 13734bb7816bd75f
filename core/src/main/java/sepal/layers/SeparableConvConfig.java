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
 * The arguments of {@link SeparableConv1D} and {@link SeparableConv2D}: Keras' {@code get_config}.
 */
public record SeparableConvConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    int depthMultiplier,
    int filters,
    Dims kernelSize,
    Dims strides,
    Padding padding,
    DataFormat dataFormat,
    Dims dilationRate,
    Activation activation,
    boolean useBias,
    @Nullable Initializer depthwiseInitializer,
    @Nullable Initializer pointwiseInitializer,
    @Nullable Initializer biasInitializer,
    @Nullable Regularizer depthwiseRegularizer,
    @Nullable Regularizer pointwiseRegularizer,
    @Nullable Regularizer biasRegularizer,
    @Nullable Regularizer activityRegularizer,
    @Nullable Constraint depthwiseConstraint,
    @Nullable Constraint pointwiseConstraint,
    @Nullable Constraint biasConstraint)
    implements ConvArguments {
  SeparableConvConfig(Arguments.Values v) {
    this(
        v.next(),
        v.flag(),
        v.next(),
        v.integer(),
        v.integer(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.flag(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next());
  }
}
