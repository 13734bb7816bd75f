package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/**
 * Which way gradients are computed with vectors. All of them run on channels_last; channels_first
 * is transposed before and after. Infinite weights are left to the scalar kernels, as those skip
 * taps on padding.
 */
final class VectorBackward {
  /** Below this many ranges, a product is shared out along its matrix. */
  private static final int FEW_PARTS = 4;

  private VectorBackward() {}

  /** A convolution on channels_last. */
  private interface OnLast {
    void run(
        float[] x, float @Nullable [] y, float[] g, float @Nullable [] dx, ConvGeometry geometry);
  }

  private static void onLast(
      float[] x,
      float @Nullable [] y,
      float[] g,
      float @Nullable [] dx,
      ConvGeometry geometry,
      OnLast kernel) {
    if (geometry.output().size() == 0) {
      return;
    }
    if (geometry.dataFormat() == DataFormat.CHANNELS_LAST) {
      kernel.run(x, y, g, dx, geometry);
      return;
    }
    float[] dxLast = dx == null ? null : new float[dx.length];
    kernel.run(
        Planes.toLast(x, 0, geometry.input()),
        y == null ? null : Planes.toLast(y, 0, geometry.output()),
        Planes.toLast(g, 0, geometry.output()),
        dxLast,
        geometry.with(DataFormat.CHANNELS_LAST));
    if (dx != null && dxLast != null) {
      Planes.toFirst(dxLast, geometry.input(), dx, 0);
    }
  }

  static void separable(
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
      ConvGeometry geometry) {
    if (!VectorKernels.isFinite(depthwise) || !VectorKernels.isFinite(pointwise)) {
      ScalarKernels.INSTANCE.separableConv2dBackward(
          x,
          depthwise,
          multiplier,
          pointwise,
          y,
          clamp,
          g,
          dx,
          dDepthwise,
          dPointwise,
          dBias,
          geometry);
      return;
    }
    zero(dDepthwise);
    zero(dBias);
    if (geometry.output().size() == 0) {
      zero(dx);
      zero(dPointwise);
      return;
    }
    onLast(
        x,
        y,
        g,
        dx,
        geometry,
        (xLast, yLast, gLast, dxLast, last) ->
            SeparableBackward.run(
                xLast,
                depthwise,
                multiplier,
                pointwise,
                yLast,
                clamp,
                gLast,
                dxLast,
                dDepthwise,
                dPointwise,
                dBias,
                last));
  }

  private static void zero(float @Nullable [] gradient) {
    if (gradient != null) {
      Arrays.fill(gradient, 0);
    }
  }

  static void depthwise(
      float[] x,
      float[] kernel,
      int multiplier,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    if (!VectorKernels.isFinite(kernel)) {
      ScalarKernels.INSTANCE.depthwiseConv2dBackward(
          x, kernel, multiplier, y, clamp, g, dx, dKernel, dBias, geometry);
      return;
    }
    onLast(
        x,
        y,
        g,
        dx,
        geometry,
        (xLast, yLast, gLast, dxLast, last) ->
            DepthwiseOnlyBackward.run(
                xLast, kernel, multiplier, yLast, clamp, gLast, dxLast, dKernel, dBias, last));
  }

  static void conv(
      float[] x,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    if (kernel.plain) {
      ScalarKernels.INSTANCE.conv2dBackward(x, kernel, y, clamp, g, dx, dKernel, dBias, geometry);
      return;
    }
    onLast(
        x,
        y,
        g,
        dx,
        geometry,
        (xLast, yLast, gLast, dxLast, last) ->
            convLast(xLast, kernel, yLast, clamp, gLast, dxLast, dKernel, dBias, last));
  }

  private static void convLast(
      float[] x,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    Window window = geometry.window();
    boolean pointwise = window.size().max() == 1 && window.strides().max() == 1;
    boolean alone = dKernel == null && dBias == null && !pointwise;
    int parts = alone ? ProductBackward.partsByImage(geometry) : ProductBackward.parts(geometry);
    if (pointwise && kernel.groups == 1 && parts < FEW_PARTS) {
      int count = geometry.batch() * geometry.outputSize().product();
      DenseBackward.run(x, count, kernel, y, clamp, g, dx, dKernel, dBias);
      return;
    }
    int groups = kernel.groups;
    int filters = geometry.filters() / groups;
    int rows = window.size().product() * geometry.channels() / groups;
    WindowBackward first = new WindowBackward(x, dx, groups, geometry, parts);
    ProductBackward second =
        new ProductBackward(
            g,
            y,
            clamp,
            geometry,
            new ProductBackward.Segments(
                groups, rows, rows, filters, filters, filters, geometry.filters()),
            groups * rows,
            kernel,
            dKernel,
            dBias != null,
            dx != null,
            parts);
    second.run(first::part);
    second.finish(dBias);
    first.finish();
  }

  /** Every row is an image of one pixel. */
  static void dense(
      float[] x,
      int count,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias) {
    Dims one = Dims.of(1, 1);
    int inputs = kernel.plain ? kernel.rows : kernel.columns;
    int outputs = kernel.plain ? kernel.columns : kernel.rows;
    ConvGeometry geometry =
        ConvGeometry.of(
            "dense",
            Shape.of(count, 1, 1, inputs),
            new Window(one, one, one, Padding.VALID),
            DataFormat.CHANNELS_LAST,
            outputs);
    conv(x, kernel, y, clamp, g, dx, dKernel, dBias, geometry);
  }
}
