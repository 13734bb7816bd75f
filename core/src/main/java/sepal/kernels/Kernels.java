package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The inner loops, on plain arrays. Two implementations and one that leads to the second: the
 * scalar one is the executable specification, the vector one must equal it on every shape.
 *
 * <p>Arguments were judged by the callers; kernels only {@code assert}. Every array starts at the
 * offset that follows it. Tensors are dense and row-major in the layout that {@link
 * ConvGeometry#dataFormat()} names. Methods are safe to call from many threads at once, and give
 * the same bits for any number of threads.
 */
public sealed interface Kernels permits ScalarKernels, VectorKernels, WarmingKernels {

  /** What runs, for logs: for example {@code vector, 512 bits, FMA}. */
  String description();

  /**
   * Lays out a matrix for the multiplying kernels.
   *
   * @param matrix (rows, columns) row-major; with groups, columns are split evenly among them
   * @param rows inputs of one output: taps times channels of a group
   * @param columns outputs (filters)
   * @param groups 1, or the number of groups of a grouped convolution
   */
  PackedKernel pack(float[] matrix, int rows, int columns, int groups);

  /**
   * Depthwise, then pointwise, then bias and activation, fused: what lies between depthwise and
   * pointwise stays in the cache.
   *
   * @param depthwise (kh, kw, channels, multiplier)
   * @param pointwise packed (channels * multiplier, filters)
   * @param bias (filters), or null
   */
  void separableConv2d(
      float[] x,
      int xOffset,
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry);

  /**
   * @param kernel (kh, kw, channels, multiplier)
   * @param bias (channels * multiplier), or null
   * @param geometry with {@code filters = channels * multiplier}; output channel c * multiplier + m
   */
  void depthwiseConv2d(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry);

  /**
   * A dense or grouped convolution.
   *
   * @param kernel packed (kh * kw * channels / groups, filters)
   * @param bias (filters), or null
   */
  void conv2d(
      float[] x,
      int xOffset,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry);

  /**
   * {@code y = x . kernel + bias}.
   *
   * @param x (count, rows)
   * @param kernel packed (rows, columns) for channels_last
   * @param y (count, columns)
   */
  void dense(
      float[] x,
      int xOffset,
      int count,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset);

  /** The greatest value under the window; padding never wins. */
  void maxPool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry);

  /** The mean of the values under the window; padding does not count. */
  void averagePool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry);

  /**
   * {@code y = x * scale[c] + shift[c]}, clamped, for x of shape (outer, channels, inner).
   *
   * @param inner 1 for channels_last, the number of pixels for channels_first
   */
  void scaleShift(
      float[] x,
      int xOffset,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yOffset,
      int outer,
      int channels,
      int inner);

  /** {@code y = x}, clamped, on the calling thread; y may be x. */
  void clamp(float[] x, int xOffset, Clamp clamp, float[] y, int yOffset, int count);

  /** {@code y = a + b}, clamped, on the calling thread; y may be a or b. */
  void add(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      Clamp clamp,
      float[] y,
      int yOffset,
      int count);

  /** {@link #separableConv2d} for any number of calls. */
  default Forward plannedSeparable(
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    return (x, xOffset, y, yOffset) ->
        separableConv2d(
            x, xOffset, depthwise, multiplier, pointwise, bias, clamp, y, yOffset, geometry);
  }

  /** {@link #depthwiseConv2d} for any number of calls. */
  default Forward plannedDepthwise(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    return (x, xOffset, y, yOffset) ->
        depthwiseConv2d(x, xOffset, kernel, multiplier, bias, clamp, y, yOffset, geometry);
  }

  /** {@link #conv2d} for any number of calls. */
  default Forward plannedConv(
      PackedKernel kernel, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    return (x, xOffset, y, yOffset) ->
        conv2d(x, xOffset, kernel, bias, clamp, y, yOffset, geometry);
  }

  /** {@link #dense} for any number of calls. */
  default Forward plannedDense(
      int count, PackedKernel kernel, float @Nullable [] bias, Clamp clamp) {
    return (x, xOffset, y, yOffset) -> dense(x, xOffset, count, kernel, bias, clamp, y, yOffset);
  }

  /**
   * {@link #maxPool2d} or {@link #averagePool2d} for any number of calls.
   *
   * @param greatest true for the greatest value, false for the mean
   */
  default Forward plannedPool(boolean greatest, ConvGeometry geometry) {
    return greatest
        ? (x, xOffset, y, yOffset) -> maxPool2d(x, xOffset, y, yOffset, geometry)
        : (x, xOffset, y, yOffset) -> averagePool2d(x, xOffset, y, yOffset, geometry);
  }

  /**
   * Lays out a matrix for the gradients of {@link #conv2d} and {@link #dense}.
   *
   * @param matrix (rows, columns) as for {@link #pack}
   */
  PackedKernel packForGradient(float[] matrix, int rows, int columns, int groups);

  /**
   * The gradients of {@link #separableConv2d}. What lies between depthwise and pointwise is
   * computed once more instead of being kept.
   *
   * <p>As for all methods that compute gradients: arrays begin at their first value, and a gradient
   * that is null is not wanted. This method overwrites whatever the arrays hold that take
   * gradients; all others need zeros there.
   *
   * @param pointwise (channels * multiplier, filters)
   * @param y what the forward stored; null if {@code clamp} is {@link Clamp#NONE}
   * @param g the gradient by y
   * @param dx the gradient by x
   * @param dDepthwise (kh, kw, channels, multiplier)
   * @param dPointwise (channels * multiplier, filters)
   * @param dBias (filters)
   */
  void separableConv2dBackward(
      float[] x,
      float[] depthwise,
      int multiplier,
      float[] pointwise,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dDepthwise,
      float @Nullable [] dPointwise,
      float @Nullable [] dBias,
      ConvGeometry geometry);

  /**
   * The gradients of {@link #depthwiseConv2d}.
   *
   * @param dKernel (kh, kw, channels, multiplier)
   * @param dBias (channels * multiplier)
   * @see #separableConv2dBackward
   */
  void depthwiseConv2dBackward(
      float[] x,
      float[] kernel,
      int multiplier,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry);

  /**
   * The gradients of {@link #conv2d}.
   *
   * @param kernel packed for the gradient
   * @param dKernel (kh, kw, channels / groups, filters)
   * @param dBias (filters)
   * @see #separableConv2dBackward
   */
  void conv2dBackward(
      float[] x,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry);

  /**
   * The gradients of {@link #dense}.
   *
   * @param kernel packed for the gradient
   * @param dKernel (rows, columns)
   * @param dBias (columns)
   * @see #separableConv2dBackward
   */
  void denseBackward(
      float[] x,
      int count,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias);

  /**
   * The gradient by what lies before a clamp: g where it passes, else 0.
   *
   * @param y what was clamped, or what it became
   * @param dx of the size of y and g
   */
  void clampBackward(float[] y, Clamp clamp, float[] g, float[] dx);

  /** The gradient of {@link #maxPool2d}: it goes to the first of the greatest values. */
  void maxPool2dBackward(float[] x, float[] g, float[] dx, ConvGeometry geometry);

  /** The gradient of {@link #averagePool2d}: the values under the window share it. */
  void averagePool2dBackward(float[] g, float[] dx, ConvGeometry geometry);
}
