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

/** The arguments of convolutional LSTMs: Keras' {@code get_config}. */
public record ConvLSTMConfig(
    @Nullable String name,
    boolean trainable,
    DTypePolicy dtype,
    boolean returnSequences,
    boolean returnState,
    boolean goBackwards,
    boolean stateful,
    boolean unroll,
    boolean zeroOutputForMask,
    int filters,
    Dims kernelSize,
    Dims strides,
    Padding padding,
    DataFormat dataFormat,
    Dims dilationRate,
    Activation activation,
    Activation recurrentActivation,
    boolean useBias,
    @Nullable Initializer kernelInitializer,
    @Nullable Initializer recurrentInitializer,
    @Nullable Initializer biasInitializer,
    boolean unitForgetBias,
    @Nullable Regularizer kernelRegularizer,
    @Nullable Regularizer recurrentRegularizer,
    @Nullable Regularizer biasRegularizer,
    @Nullable Regularizer activityRegularizer,
    @Nullable Constraint kernelConstraint,
    @Nullable Constraint recurrentConstraint,
    @Nullable Constraint biasConstraint,
    double dropout,
    double recurrentDropout,
    @Nullable Long seed)
    implements ConvArguments {
  ConvLSTMConfig(Arguments.Values v) {
    this(
        v.next(),
        v.flag(),
        v.next(),
        v.flag(),
        v.flag(),
        v.flag(),
        v.flag(),
        v.flag(),
        v.flag(),
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
        v.flag(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.next(),
        v.number(),
        v.number(),
        v.next());
  }
}
