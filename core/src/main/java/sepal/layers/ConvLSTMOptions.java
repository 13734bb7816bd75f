package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * The optional arguments that convolutional LSTMs share, with Keras' defaults: the activation is
 * tanh.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class ConvLSTMOptions<S extends ConvLSTMOptions<S>> extends KernelConvOptions<S> {
  boolean returnSequences;
  boolean returnState;
  boolean goBackwards;
  boolean stateful;
  boolean unroll;
  boolean zeroOutputForMask;
  @Nullable Object recurrentActivation = "sigmoid";
  @Nullable Object recurrentInitializer = "orthogonal";
  boolean unitForgetBias = true;
  @Nullable Object recurrentRegularizer;
  @Nullable Object recurrentConstraint;
  double dropout;
  double recurrentDropout;
  @Nullable Object seed;

  ConvLSTMOptions(String className, int rank) {
    super(className, rank);
    activation = "tanh";
  }

  /** Whether the outputs of all steps are returned, not the last one only; false by default. */
  public S returnSequences(boolean returnSequences) {
    this.returnSequences = returnSequences;
    return self();
  }

  /** Whether the last states, memory and carry, are returned after the output; false by default. */
  public S returnState(boolean returnState) {
    this.returnState = returnState;
    return self();
  }

  /** Whether the steps are taken from the last to the first; false by default. */
  public S goBackwards(boolean goBackwards) {
    this.goBackwards = goBackwards;
    return self();
  }

  /**
   * Whether each call goes on where the call before ended; false by default. The number of samples
   * must be fixed.
   */
  public S stateful(boolean stateful) {
    this.stateful = stateful;
    return self();
  }

  /** Kept for Keras, where it may save time; it never changes a number. */
  public S unroll(boolean unroll) {
    this.unroll = unroll;
    return self();
  }

  /** Kept for Keras; without masks it changes nothing. */
  public S zeroOutputForMask(boolean zeroOutputForMask) {
    this.zeroOutputForMask = zeroOutputForMask;
    return self();
  }

  /** The activation of the gates; {@code sigmoid} by default, null for linear. */
  public S recurrentActivation(@Nullable String activation) {
    this.recurrentActivation = activation;
    return self();
  }

  /** The activation of the gates. */
  public S recurrentActivation(Activation activation) {
    this.recurrentActivation = activation;
    return self();
  }

  /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
  public S recurrentInitializer(@Nullable Object initializer) {
    this.recurrentInitializer = initializer;
    return self();
  }

  /** Whether the bias of the forget gate starts at 1; true by default. */
  public S unitForgetBias(boolean unitForgetBias) {
    this.unitForgetBias = unitForgetBias;
    return self();
  }

  /** A name, a {@code Regularizer}, a Keras configuration, or null. */
  public S recurrentRegularizer(@Nullable Object regularizer) {
    this.recurrentRegularizer = regularizer;
    return self();
  }

  /** A name, a {@code Constraint}, a Keras configuration, or null. */
  public S recurrentConstraint(@Nullable Object constraint) {
    this.recurrentConstraint = constraint;
    return self();
  }

  /** The share of the inputs of each gate to drop in training, from 0 to 1; 0 by default. */
  public S dropout(double dropout) {
    this.dropout = dropout;
    return self();
  }

  /** The share of the memory to drop for each gate in training, from 0 to 1; 0 by default. */
  public S recurrentDropout(double recurrentDropout) {
    this.recurrentDropout = recurrentDropout;
    return self();
  }

  /** Makes dropout reproducible; null, the default, for another one each time. */
  public S seed(@Nullable Long seed) {
    this.seed = seed;
    return self();
  }

  /** The arguments, judged. */
  final ConvLSTMConfig config() {
    ConvLSTMConfig config = new ConvLSTMConfig(values(ConvLSTMConfig.class));
    checkWindow(config);
    checkStridedDilation(config, "");
    Check.positive(where(), "filters", config.filters());
    checkShare("dropout", config.dropout());
    checkShare("recurrentDropout", config.recurrentDropout());
    return config;
  }

  private void checkShare(String argument, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw Problem.in(where(), argument + " must lie between 0 and 1")
          .got(argument + "=" + value)
          .expected("the share of elements to drop, for example 0.2")
          .asInvalidArgument();
    }
  }
}
