package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The gradients of a separable convolution on channels_last. What lies between depthwise and
 * pointwise is computed once more, tile by tile, and so is its gradient; neither is ever whole in
 * memory while the pointwise kernel is small.
 */
final class SeparableBackward {
  private SeparableBackward() {}

  static void run(
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
    int parts = ProductBackward.parts(geometry);
    DepthwiseBackward first =
        new DepthwiseBackward(
            x,
            depthwise,
            multiplier,
            dx,
            dDepthwise != null,
            geometry,
            parts,
            ProductBackward.tileRows(geometry));
    int filters = geometry.filters();
    int rows = geometry.channels() * multiplier;
    LineMemory memory =
        Buffers.get()
            .lines(Buffers.Use.TRANSPOSED, Panels.transposedSize(rows, filters, multiplier));
    PackedKernel transposed =
        Panels.packTransposed(pointwise, rows, filters, 1, multiplier, memory);
    ProductBackward second =
        new ProductBackward(
            g,
            y,
            clamp,
            geometry,
            new ProductBackward.Segments(
                multiplier,
                first.padded,
                geometry.channels(),
                0,
                filters,
                filters,
                multiplier * filters),
            multiplier * first.padded,
            transposed,
            dPointwise,
            dBias != null,
            dx != null || dDepthwise != null,
            parts);
    second.run(first::part);
    second.finish(dBias);
    first.finish(dDepthwise);
  }
}
