package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * Which way gradients are computed with vectors. All of them run on channels_last; channels_first
 * is transposed before and after.
 */
final class VectorBackward {
  private VectorBackward() {}

  static void separable(
      float[] x,
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dDepthwise,
      float @Nullable [] dPointwise,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    if (geometry.output().size() == 0) {
      return;
    }
    if (pointwise.plain || !VectorKernels.isFinite(depthwise)) {
      ScalarKernels.INSTANCE.separableConv2dBackward(
          x,
          depthwise,
          multiplier,
          pointwise.plain
              ? pointwise
              : Panels.plain(pointwise, geometry.channels() * multiplier, multiplier),
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
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      ConvGeometry last = last(geometry);
      float[] dxLast = dx == null ? null : new float[dx.length];
      separable(
          Planes.toLast(x, geometry.input()),
          depthwise,
          multiplier,
          pointwise,
          y == null ? null : Planes.toLast(y, geometry.output()),
          clamp,
          Planes.toLast(g, geometry.output()),
          dxLast,
          dDepthwise,
          dPointwise,
          dBias,
          last);
      if (dx != null && dxLast != null) {
        Planes.toFirst(dxLast, geometry.input(), dx);
      }
      return;
    }
    SeparableBackward.run(
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
  }

  /** The same convolution on channels_last. */
  private static ConvGeometry last(ConvGeometry geometry) {
    return new ConvGeometry(
        geometry.batch(),
        geometry.inputSize(),
        geometry.channels(),
        geometry.outputSize(),
        geometry.filters(),
        geometry.window(),
        geometry.padBefore(),
        DataFormat.CHANNELS_LAST);
  }
}
