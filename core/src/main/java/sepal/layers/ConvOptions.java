package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.check.Problem;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;

/**
 * The optional arguments that convolution layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class ConvOptions<S extends ConvOptions<S>> extends LayerOptions<S> {
  @Nullable Object kernelSize;
  @Nullable Object strides = 1;
  @Nullable Object padding = "valid";
  @Nullable Object dataFormat;
  @Nullable Object dilationRate = 1;
  @Nullable Object activation;
  boolean useBias = true;
  @Nullable Object biasInitializer = "zeros";
  @Nullable Object biasRegularizer;
  @Nullable Object biasConstraint;
  boolean allowStridedDilation;

  private final int rank;

  /**
   * @param rank the number of spatial axes
   */
  ConvOptions(String className, int rank) {
    super(className);
    this.rank = rank;
  }

  @Override
  protected final int spatialRank() {
    return rank;
  }

  /** Judges the window of the arguments that were made of these options. */
  final void checkWindow(ConvArguments arguments) {
    BaseConv.checkDims(where(), "kernelSize", rank, arguments.kernelSize());
    BaseConv.checkDims(where(), "strides", rank, arguments.strides());
    BaseConv.checkDims(where(), "dilationRate", rank, arguments.dilationRate());
  }

  /**
   * Strides and dilation together: the documents of Keras forbid it.
   *
   * @param unless what allows it nevertheless, for the message, or nothing
   */
  final void checkStridedDilation(ConvArguments arguments, String unless) {
    if (arguments.strides().max() > 1 && arguments.dilationRate().max() > 1) {
      throw Problem.in(where(), "strides > 1 together with dilationRate > 1")
          .got("strides=" + arguments.strides() + ", dilationRate=" + arguments.dilationRate())
          .expected("one of them 1 on all axes")
          .fix("set one of them to 1" + unless)
          .asInvalidArgument();
    }
  }

  /** The same, where Keras computes it. */
  final void checkStridedDilation(ConvArguments arguments) {
    if (!allowStridedDilation) {
      checkStridedDilation(
          arguments, ", or call allowStridedDilation() to compute it as Keras 3.15 does");
    }
  }

  /**
   * Steps between neighbouring outputs: one number for all spatial axes, or one for each, which may
   * differ; 1 by default.
   */
  public S strides(int... strides) {
    this.strides = forAxes(strides);
    return self();
  }

  /** Steps between neighbouring outputs on each spatial axis. */
  public S strides(Dims strides) {
    this.strides = strides;
    return self();
  }

  /**
   * {@code valid} (the default) or {@code same}, in any letter case; {@link Conv1D} and {@link
   * SeparableConv1D} also know {@code causal}.
   */
  public S padding(String padding) {
    this.padding = padding;
    return self();
  }

  /** The same, typed. */
  public S padding(Padding padding) {
    this.padding = padding;
    return self();
  }

  /**
   * {@code channels_last} or {@code channels_first}; null, the default, for what {@code keras.json}
   * says, else channels_last.
   */
  public S dataFormat(@Nullable String dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }

  /** The order of the axes. */
  public S dataFormat(DataFormat dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }

  /**
   * Steps between neighbouring taps of the window: one number for all spatial axes, or one for
   * each; 1 by default.
   */
  public S dilationRate(int... dilationRate) {
    this.dilationRate = forAxes(dilationRate);
    return self();
  }

  /** Steps between neighbouring taps of the window on each spatial axis. */
  public S dilationRate(Dims dilationRate) {
    this.dilationRate = dilationRate;
    return self();
  }

  /** A Keras name such as {@code relu}; null, the default, for linear. */
  public S activation(@Nullable String activation) {
    this.activation = activation;
    return self();
  }

  /** A function of the output; a lambda will do. */
  public S activation(Activation activation) {
    this.activation = activation;
    return self();
  }

  /** Whether a bias is added before the activation; true by default. */
  public S useBias(boolean useBias) {
    this.useBias = useBias;
    return self();
  }

  /** A name, an {@code Initializer}, a Keras configuration, or null for zeros. */
  public S biasInitializer(@Nullable Object initializer) {
    this.biasInitializer = initializer;
    return self();
  }

  /** A name, a {@code Regularizer}, a Keras configuration, or null. */
  public S biasRegularizer(@Nullable Object regularizer) {
    this.biasRegularizer = regularizer;
    return self();
  }

  /** A name, a {@code Constraint}, a Keras configuration, or null. */
  public S biasConstraint(@Nullable Object constraint) {
    this.biasConstraint = constraint;
    return self();
  }
}
