package sepal.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Pure functions of tensors: the door to the operations of this room. */
public final class Ops {
  private Ops() {}

  /**
   * Depthwise convolution, pointwise convolution, bias, activation.
   *
   * @param x in the layout of the geometry, of one or two spatial axes
   * @param depthwise (k..., c, multiplier) with a size for each spatial axis
   * @param pointwise (1..., c * multiplier, filters)
   * @param bias (filters), or null
   * @return shape {@code geometry.output()}
   */
  public static Tensor separableConv(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    return SeparableConvOp.forward(x, depthwise, pointwise, bias, activation, geometry);
  }

  /**
   * Convolution, bias, activation.
   *
   * @param x in the layout of the geometry, of one to three spatial axes
   * @param kernel (k..., c / groups, filters) with a size for each spatial axis
   * @param bias (filters), or null
   * @param groups 1, or the number of parts that channels and filters are split into evenly
   * @return shape {@code geometry.output()}
   */
  public static Tensor conv(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      int groups,
      ConvGeometry geometry) {
    return ConvOp.forward(x, kernel, bias, activation, groups, geometry);
  }

  /**
   * Transposed convolution, bias, activation: the gradient of a convolution by its input.
   *
   * @param x as {@code convolution.output()}, of one to three spatial axes
   * @param kernel (k..., filters, c) with a size for each spatial axis
   * @param bias (filters), or null
   * @param convolution what {@link ConvGeometry#transposed} gives for x
   * @return shape {@code convolution.input()}
   */
  public static Tensor convTranspose(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry convolution) {
    return activation.apply(ConvTransposeOp.forward(x, kernel, bias, convolution));
  }

  /**
   * Convolution of each channel alone, bias, activation.
   *
   * @param x in the layout of the geometry, of one or two spatial axes
   * @param kernel (k..., c, multiplier) with a size for each spatial axis
   * @param bias (c * multiplier), or null
   * @param geometry with {@code filters = c * multiplier}; output channel c * multiplier + m
   * @return shape {@code geometry.output()}
   */
  public static Tensor depthwiseConv(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    return DepthwiseConvOp.forward(x, kernel, bias, activation, geometry);
  }

  /**
   * Product on the last axis, bias, activation.
   *
   * @param x (..., features)
   * @param kernel (features, units)
   * @param bias (units), or null
   * @return shape (..., units)
   */
  public static Tensor dense(
      Tensor x, Tensor kernel, @Nullable Tensor bias, Activation activation) {
    return DenseOp.forward(x, kernel, bias, activation);
  }

  /**
   * The product of matrices, one pair after the other.
   *
   * @param a (n, rows, depth)
   * @param b (n, depth, columns), of the same type
   * @return shape (n, rows, columns)
   * @throws IllegalArgumentException if shapes or types do not fit together
   */
  public static Tensor matmul(Tensor a, Tensor b) {
    return MatmulOp.forward(a, b);
  }

  /**
   * The greatest value under the window; padding never wins.
   *
   * @param geometry of one to three spatial axes, with {@code filters = channels}
   * @return shape {@code geometry.output()}
   */
  public static Tensor maxPool(Tensor x, ConvGeometry geometry) {
    return MaxPoolOp.forward(x, geometry);
  }

  /**
   * The mean of the values under the window; padding does not count.
   *
   * @param geometry of one to three spatial axes, with {@code filters = channels}
   * @return shape {@code geometry.output()}
   */
  public static Tensor averagePool(Tensor x, ConvGeometry geometry) {
    return AveragePoolOp.forward(x, geometry);
  }

  /**
   * {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta} for each channel.
   *
   * @param gamma (channels), or null for 1
   * @param beta (channels), or null for 0
   * @param mean (channels)
   * @param variance (channels)
   * @param axis the axis of x that counts the channels, not negative
   * @return shape of x
   */
  public static Tensor batchNormalization(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Tensor mean,
      Tensor variance,
      int axis,
      double epsilon) {
    return BatchNormalizationOp.forward(x, gamma, beta, mean, variance, axis, epsilon);
  }

  /**
   * The same with the statistics of x itself. The gradient by x flows through them as well.
   *
   * @param batch what {@link #moments} gives for x
   */
  public static Tensor batchNormalization(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      Moments batch,
      int axis,
      double epsilon) {
    return BatchNormalizationOp.forward(x, gamma, beta, batch, axis, epsilon);
  }

  /**
   * Mean and variance of each channel over all other axes.
   *
   * @param axis the axis of x that counts the channels, not negative
   */
  public static Moments moments(Tensor x, int axis) {
    return BatchNormalizationOp.moments(x, axis);
  }

  /**
   * {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta}, with mean and variance of the
   * values along some axes, for each index of the other axes.
   *
   * @param gamma one value for each place along the axes, in the order of x; or null for 1
   * @param beta as gamma; or null for 0
   * @param axes of x; negative ones count from the end
   * @param centered false to leave the mean in: {@code gamma * x / sqrt(variance + epsilon) + beta}
   * @return shape of x
   * @throws IllegalArgumentException if there is no such axis
   */
  public static Tensor layerNormalization(
      Tensor x,
      @Nullable Tensor gamma,
      @Nullable Tensor beta,
      List<Integer> axes,
      double epsilon,
      boolean centered) {
    return LayerNormalizationOp.forward(x, gamma, beta, axes, epsilon, centered);
  }

  /**
   * The vectors along some axes divided by their length.
   *
   * @param axes of x; negative ones count from the end
   * @param shortest what shorter vectors are divided by, above 0
   * @return shape of x
   * @throws IllegalArgumentException if there is no such axis
   */
  public static Tensor unitNormalization(Tensor x, List<Integer> axes, double shortest) {
    return UnitNormalizationOp.forward(x, axes, shortest);
  }

  /** {@code average * momentum + value * (1 - momentum)}. */
  public static Tensor movingAverage(Tensor average, Tensor value, double momentum) {
    return BatchNormalizationOp.movingAverage(average, value, momentum);
  }

  /** {@code a + b}; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor add(Tensor a, Tensor b) {
    return BinaryOp.ADD.forward(a, b);
  }

  /** {@code a - b}; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor subtract(Tensor a, Tensor b) {
    return BinaryOp.SUBTRACT.forward(a, b);
  }

  /** {@code a * b}; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor multiply(Tensor a, Tensor b) {
    return BinaryOp.MULTIPLY.forward(a, b);
  }

  /** {@code a / b}; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor divide(Tensor a, Tensor b) {
    return BinaryOp.DIVIDE.forward(a, b);
  }

  /** The greater of the two, NaN if one is; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor maximum(Tensor a, Tensor b) {
    return BinaryOp.MAXIMUM.forward(a, b);
  }

  /** The lesser of the two, NaN if one is; axes of size 1 stretch, aligned at the last axis. */
  public static Tensor minimum(Tensor a, Tensor b) {
    return BinaryOp.MINIMUM.forward(a, b);
  }

  /**
   * {@code x} above zero, {@code alpha * x} below.
   *
   * @param alpha of a shape that stretches to that of {@code x}
   */
  public static Tensor prelu(Tensor x, Tensor alpha) {
    return BinaryOp.PRELU.forward(x, alpha);
  }

  /** {@code |x|}, element by element; the gradient at 0 is 0. */
  public static Tensor abs(Tensor x) {
    return UnaryOp.ABS.forward(x);
  }

  /** {@code e^x}, element by element. */
  public static Tensor exp(Tensor x) {
    return UnaryOp.EXP.forward(x);
  }

  /** The natural logarithm, element by element. */
  public static Tensor log(Tensor x) {
    return UnaryOp.LOG.forward(x);
  }

  /** The square root, element by element. */
  public static Tensor sqrt(Tensor x) {
    return UnaryOp.SQRT.forward(x);
  }

  /** {@code x * x}, element by element. */
  public static Tensor square(Tensor x) {
    return UnaryOp.SQUARE.forward(x);
  }

  /**
   * The sum along some axes.
   *
   * @param axes the axes that vanish, negative ones counted from the end; all if none is given
   * @throws IllegalArgumentException if there is no such axis
   */
  public static Tensor sum(Tensor x, int... axes) {
    return SumOp.forward("sum", x, axes, false);
  }

  /**
   * The mean along some axes.
   *
   * @param axes the axes that vanish, negative ones counted from the end; all if none is given
   * @throws IllegalArgumentException if there is no such axis
   */
  public static Tensor mean(Tensor x, int... axes) {
    return SumOp.forward("mean", x, axes, true);
  }

  /** The same elements in another shape. */
  public static Tensor reshape(Tensor x, Shape shape) {
    return Tape.record(x.reshape(shape), (g, needed) -> new Tensor[] {g.reshape(x.shape())}, x);
  }

  /**
   * The part of a tensor along one axis.
   *
   * @param axis counted from the front
   * @param from the first index that is taken
   * @param to one past the last
   * @throws IllegalArgumentException if there is no such part
   */
  public static Tensor slice(Tensor x, int axis, int from, int to) {
    return SliceOp.forward(x, axis, from, to);
  }

  /**
   * The axes in another order.
   *
   * @param axes for each axis of the result, the axis of {@code x} it was
   */
  public static Tensor transpose(Tensor x, int... axes) {
    return TransposeOp.forward(x, axes);
  }

  /**
   * The inputs side by side.
   *
   * @param inputs of one type, and of one shape but for {@code axis}
   * @param axis counted from the front
   */
  public static Tensor concatenate(List<Tensor> inputs, int axis) {
    return ConcatenateOp.forward(inputs, axis);
  }

  /**
   * Images with margins of zeros, or with rows and columns taken off; likewise sequences.
   *
   * @param output the shape that {@link Margins#around} gives
   */
  public static Tensor pad(Tensor x, Margins margins, Shape output, DataFormat dataFormat) {
    return PadOp.forward(x, margins, output, dataFormat);
  }

  /**
   * Images or volumes of another, greater size.
   *
   * @param output the shape of {@code x} but for the spatial axes
   */
  public static Tensor resize(
      Tensor x, Shape output, DataFormat dataFormat, Interpolation interpolation) {
    return ResizeOp.forward(x, output, dataFormat, interpolation);
  }

  /**
   * Sets elements to 0 by chance and divides the others by {@code 1 - rate}.
   *
   * @param rate the share of elements to drop, from 0 to 1
   * @param noise the shape of the mask, which stretches to that of {@code x}
   * @param seed the same seed and call give the same mask
   * @param call the number of the call
   */
  public static Tensor dropout(Tensor x, double rate, Shape noise, long seed, long call) {
    return NoiseOp.dropout(x, rate, noise, seed, call);
  }

  /**
   * Sets elements to what selu tends to for ever lesser numbers, by chance, then scales and shifts
   * all so that a mean of 0 and a variance of 1 stay.
   *
   * @param rate the share of elements to drop, from 0 to less than 1
   * @param noise the shape of the mask, which stretches to that of {@code x}
   * @param seed the same seed and call give the same mask
   * @param call the number of the call
   */
  public static Tensor alphaDropout(Tensor x, double rate, Shape noise, long seed, long call) {
    return NoiseOp.alphaDropout(x, rate, noise, seed, call);
  }

  /**
   * Multiplies elements by normal numbers of mean 1 and standard deviation {@code sqrt(rate / (1 -
   * rate))}.
   *
   * @param rate from 0 to less than 1
   * @param seed the same seed and call give the same numbers
   * @param call the number of the call
   */
  public static Tensor gaussianDropout(Tensor x, double rate, long seed, long call) {
    return NoiseOp.gaussianDropout(x, rate, seed, call);
  }

  /**
   * Adds normal numbers of mean 0.
   *
   * @param stddev their standard deviation
   * @param seed the same seed and call give the same numbers
   * @param call the number of the call
   */
  public static Tensor gaussianNoise(Tensor x, double stddev, long seed, long call) {
    return NoiseOp.gaussianNoise(x, stddev, seed, call);
  }
}
