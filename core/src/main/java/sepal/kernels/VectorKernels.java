package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/** SIMD kernels on {@code jdk.incubator.vector}; loaded only where that module is present. */
final class VectorKernels implements Kernels {
  static final VectorKernels INSTANCE = new VectorKernels();

  private final ScalarKernels scalar = ScalarKernels.INSTANCE;

  private VectorKernels() {}

  /** The width of the widest vectors. */
  static int bits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  @Override
  public String description() {
    return "vector, " + bits() + " bits, FMA";
  }

  @Override
  public PackedKernel pack(
      float[] matrix, int rows, int columns, int groups, DataFormat dataFormat) {
    return scalar.pack(matrix, rows, columns, groups, dataFormat);
  }

  @Override
  public void separableConv2d(
      float[] x,
      int xOffset,
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    scalar.separableConv2d(
        x, xOffset, depthwise, multiplier, pointwise, bias, clamp, y, yOffset, geometry);
  }

  @Override
  public void depthwiseConv2d(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    scalar.depthwiseConv2d(x, xOffset, kernel, multiplier, bias, clamp, y, yOffset, geometry);
  }

  @Override
  public void conv2d(
      float[] x,
      int xOffset,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    scalar.conv2d(x, xOffset, kernel, bias, clamp, y, yOffset, geometry);
  }

  @Override
  public void dense(
      float[] x,
      int xOffset,
      int count,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset) {
    scalar.dense(x, xOffset, count, kernel, bias, clamp, y, yOffset);
  }

  @Override
  public void maxPool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    scalar.maxPool2d(x, xOffset, y, yOffset, geometry);
  }

  @Override
  public void averagePool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    scalar.averagePool2d(x, xOffset, y, yOffset, geometry);
  }

  @Override
  public void scaleShift(
      float[] x,
      int xOffset,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yOffset,
      int outer,
      int channels,
      int inner) {
    scalar.scaleShift(x, xOffset, scale, shift, clamp, y, yOffset, outer, channels, inner);
  }
}
