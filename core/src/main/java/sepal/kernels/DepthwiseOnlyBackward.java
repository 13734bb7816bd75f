package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/** The gradients of a depthwise convolution on channels_last: no pointwise step comes after it. */
final class DepthwiseOnlyBackward {
  private DepthwiseOnlyBackward() {}

  static void run(
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
    int parts = ProductBackward.parts(geometry);
    int rows = geometry.batch() * geometry.outputSize().get(0);
    int filters = geometry.filters();
    int columns = Panels.wholeVectors(filters);
    DepthwiseBackward step =
        new DepthwiseBackward(x, kernel, multiplier, dx, dKernel != null, geometry, parts, 1);
    int depth = step.padded * multiplier;
    int width = geometry.outputSize().get(1);
    float[][] sums = new float[parts][dBias == null ? 0 : columns];
    Parallel.run(
        parts,
        (long) geometry.output().size() * geometry.window().size().product(),
        i -> {
          int from = (int) ((long) rows * i / parts);
          int to = (int) ((long) rows * (i + 1) / parts);
          DepthwiseBackward.Part part = step.part(i, from, to);
          Buffers buffers = Buffers.get();
          float[] up = buffers.get(Buffers.Use.UPSTREAM, width * columns);
          float[] down = buffers.get(Buffers.Use.DOWN, width * depth);
          for (int row = from; row < to; row++) {
            Upstream.copy(g, y, clamp, row * width * filters, filters, width, up, 0, columns);
            if (dBias != null) {
              TapSums.rows(up, 0, columns, width, columns, sums[i]);
            }
            if (multiplier == 1) {
              part.backward(row, 1, up, 0, columns);
            } else {
              multiplierMajor(up, columns, filters, multiplier, step.padded, width, down);
              part.backward(row, 1, down, 0, depth);
            }
          }
        });
    step.finish(dKernel);
    for (int i = 0; dBias != null && i < parts; i++) {
      for (int f = 0; f < filters; f++) {
        dBias[f] += sums[i][f];
      }
    }
  }

  /** (pixels, channels, multiplier) to (pixels, multiplier, padded channels). */
  private static void multiplierMajor(
      float[] from, int step, int filters, int multiplier, int padded, int pixels, float[] to) {
    for (int i = 0; i < pixels; i++) {
      int at = i * padded * multiplier;
      for (int k = 0; k < filters; k++) {
        to[at + k % multiplier * padded + k / multiplier] = from[i * step + k];
      }
    }
  }
}
