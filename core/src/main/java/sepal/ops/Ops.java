package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/** Pure functions of tensors: the door to the operations of this room. */
public final class Ops {
  private Ops() {}

  /**
   * Depthwise convolution, pointwise convolution, bias, activation.
   *
   * @param x in the layout of the geometry
   * @param depthwise (kh, kw, c, multiplier)
   * @param pointwise (1, 1, c * multiplier, filters)
   * @param bias (filters), or null
   * @return shape {@code geometry.output()}
   */
  public static Tensor separableConv2d(
      Tensor x,
      Tensor depthwise,
      Tensor pointwise,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    return SeparableConv2DOp.forward(x, depthwise, pointwise, bias, activation, geometry);
  }

  /**
   * Convolution, bias, activation.
   *
   * @param x in the layout of the geometry
   * @param kernel (kh, kw, c / groups, filters)
   * @param bias (filters), or null
   * @param groups 1, or the number of parts that channels and filters are split into evenly
   * @return shape {@code geometry.output()}
   */
  public static Tensor conv2d(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      int groups,
      ConvGeometry geometry) {
    return Conv2DOp.forward(x, kernel, bias, activation, groups, geometry);
  }

  /**
   * Convolution of each channel alone, bias, activation.
   *
   * @param x in the layout of the geometry
   * @param kernel (kh, kw, c, multiplier)
   * @param bias (c * multiplier), or null
   * @param geometry with {@code filters = c * multiplier}; output channel c * multiplier + m
   * @return shape {@code geometry.output()}
   */
  public static Tensor depthwiseConv2d(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      ConvGeometry geometry) {
    return DepthwiseConv2DOp.forward(x, kernel, bias, activation, geometry);
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
   * The greatest value under the window; padding never wins.
   *
   * @param geometry with {@code filters = channels}
   * @return shape {@code geometry.output()}
   */
  public static Tensor maxPool2d(Tensor x, ConvGeometry geometry) {
    return MaxPool2DOp.forward(x, geometry);
  }

  /**
   * The mean of the values under the window; padding does not count.
   *
   * @param geometry with {@code filters = channels}
   * @return shape {@code geometry.output()}
   */
  public static Tensor averagePool2d(Tensor x, ConvGeometry geometry) {
    return AveragePool2DOp.forward(x, geometry);
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
   * Mean and variance of each channel over all other axes.
   *
   * @param axis the axis of x that counts the channels, not negative
   */
  public static Moments moments(Tensor x, int axis) {
    return BatchNormalizationOp.moments(x, axis);
  }

  /** {@code average * momentum + value * (1 - momentum)}. */
  public static Tensor movingAverage(Tensor average, Tensor value, double momentum) {
    return BatchNormalizationOp.movingAverage(average, value, momentum);
  }
}
