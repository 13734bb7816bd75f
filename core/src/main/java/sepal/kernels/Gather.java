package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import sepal.shape.ConvGeometry;

/**
 * Copies the inputs of a tile of outputs of a convolution together, zeros where taps lie on
 * padding: one factor of a matrix multiplication, of the tile only.
 *
 * @param firstChannel the first channel of the group
 * @param channels channels of the group
 */
record Gather(ConvGeometry geometry, Strides strides, int firstChannel, int channels) {

  /**
   * channels_last: for each output from {@code from} to {@code to}, counted over the batch, a row
   * of its inputs (kh, kw, channels).
   */
  void rows(float[] x, int xOffset, int from, int to, float[] out, int outAt, int outStep) {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    boolean together = strides.column() == channels && geometry.window().dilation().get(1) == 1;
    int first = together ? Taps.firstInside(geometry) : width;
    int end = Math.max(first, Taps.endInside(geometry));
    for (int i = from; i < to; ) {
      int row = i / width;
      int ox = i % width;
      int image = xOffset + row / height * strides.image() + firstChannel;
      int at = outAt + (i - from) * outStep;
      int count = 1;
      if (ox >= first && ox < end) {
        count = Math.min(end - ox, to - i);
        pixels(x, image, row % height, ox, count, out, at, outStep);
      } else {
        pixel(x, image, row % height, ox, out, at);
      }
      i += count;
    }
  }

  /** Neighbouring outputs whose taps all lie inside the columns of the input, side by side. */
  private void pixels(
      float[] x, int image, int oy, int ox, int count, float[] out, int outAt, int outStep) {
    int length = geometry.window().size().get(1) * channels;
    int step = geometry.window().strides().get(1) * channels;
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      int at = outAt + a * length;
      if (iy < 0 || iy >= geometry.inputSize().get(0)) {
        for (int i = 0; i < count; i++) {
          Arrays.fill(out, at + i * outStep, at + i * outStep + length, 0);
        }
        continue;
      }
      int from = image + iy * strides.row() + geometry.source(1, ox, 0) * channels;
      int whole = Panels.wholeVectors(length);
      boolean spare = at + whole <= outAt + outStep;
      int inside = spare ? Math.min(count, Math.floorDiv(x.length - whole - from, step) + 1) : 0;
      for (int j = 0; j < length; j += Gemm.LANES) {
        vectors(x, from + j, step, inside, out, at + j, outStep);
      }
      for (int i = Math.max(0, inside); i < count; i++) {
        copy(x, from + i * step, out, at + i * outStep, length);
      }
    }
  }

  /** A vector of each pixel; what is too much is overwritten by what the next row of taps reads. */
  private static void vectors(
      float[] from, int fromAt, int fromStep, int count, float[] to, int toAt, int toStep) {
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(Gemm.SPECIES, from, fromAt + i * fromStep)
          .intoArray(to, toAt + i * toStep);
    }
  }

  private void pixel(float[] x, int image, int oy, int ox, float[] out, int at) {
    int kernelWidth = geometry.window().size().get(1);
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      boolean inside = iy >= 0 && iy < geometry.inputSize().get(0);
      for (int b = 0; b < kernelWidth; b++) {
        int ix = geometry.source(1, ox, b);
        if (inside && ix >= 0 && ix < geometry.inputSize().get(1)) {
          int from = image + iy * strides.row() + ix * strides.column();
          copy(x, from, out, at, channels);
        } else {
          Arrays.fill(out, at, at + channels, 0);
        }
        at += channels;
      }
    }
  }

  private static void copy(float[] from, int fromAt, float[] to, int toAt, int count) {
    if (count >= Gemm.LANES) {
      DepthwisePlanes.copyRow(from, fromAt, count, to, toAt);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i] = from[fromAt + i];
    }
  }

  /**
   * channels_first: for each input (kh, kw, channels) a row of what outputs {@code from} to {@code
   * to} of one image read there.
   */
  void columns(
      float[] x, int xOffset, int image, int from, int to, float[] out, int outAt, int outStep) {
    int kernelWidth = geometry.window().size().get(1);
    int input = xOffset + image * strides.image() + firstChannel * strides.channel();
    int at = outAt;
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      for (int b = 0; b < kernelWidth; b++) {
        for (int c = 0; c < channels; c++) {
          tap(x, input + c * strides.channel(), a, b, from, to, out, at);
          at += outStep;
        }
      }
    }
  }

  private void tap(float[] x, int channel, int a, int b, int from, int to, float[] out, int at) {
    int width = geometry.outputSize().get(1);
    for (int i = from; i < to; ) {
      int oy = i / width;
      int ox = i % width;
      int end = Math.min(width, ox + to - i);
      int iy = geometry.source(0, oy, a);
      if (iy < 0 || iy >= geometry.inputSize().get(0)) {
        Arrays.fill(out, at + i - from, at + i - from + end - ox, 0);
      } else {
        segment(x, channel + iy * strides.row(), b, ox, end, out, at + i - from);
      }
      i += end - ox;
    }
  }

  private void segment(float[] x, int row, int b, int ox, int end, float[] out, int at) {
    int stride = geometry.window().strides().get(1);
    int inputWidth = geometry.inputSize().get(1);
    int ix = geometry.source(1, ox, b);
    for (; ox < end && ix < 0; ox++, ix += stride) {
      out[at++] = 0;
    }
    int inside = ix >= inputWidth ? 0 : Math.min(end - ox, (inputWidth - 1 - ix) / stride + 1);
    if (stride == 1 && inside > 0) {
      System.arraycopy(x, row + ix, out, at, inside);
    } else {
      for (int i = 0; i < inside; i++) {
        out[at + i] = x[row + ix + i * stride];
      }
    }
    Arrays.fill(out, at + inside, at + end - ox, 0);
  }
}
