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

/** The arguments of transposed convolutions: Keras' {@code get_config}. */
public record ConvTransposeConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    int filters,
    Dims kernelSize,
    Dims strides,
    Padding padding,
    @Nullable Dims outputPadding,
    DataFormat dataFormat,
    Dims dilationRate,
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
  ConvTransposeConfig(Arguments.Values v) {
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
        v.next(),
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
