package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
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

  ConvOptions(String className) {
    super(className);
  }

  /** Steps between neighbouring outputs on every spatial axis; 1 by default. */
  public S strides(int strides) {
    this.strides = strides;
    return self();
  }

  /** Steps between neighbouring outputs down and across; they may differ. */
  public S strides(int height, int width) {
    this.strides = Dims.of(height, width);
    return self();
  }

  /** Steps between neighbouring outputs on each spatial axis. */
  public S strides(Dims strides) {
    this.strides = strides;
    return self();
  }

  /** {@code valid} (the default) or {@code same}, in any letter case. */
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

  /** Steps between neighbouring taps of the window on every spatial axis; 1 by default. */
  public S dilationRate(int dilationRate) {
    this.dilationRate = dilationRate;
    return self();
  }

  /** Steps between neighbouring taps of the window down and across. */
  public S dilationRate(int height, int width) {
    this.dilationRate = Dims.of(height, width);
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
