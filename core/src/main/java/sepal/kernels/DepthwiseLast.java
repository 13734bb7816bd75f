package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The depthwise step on channels_last: vectors run along the channels, and four neighbouring pixels
 * share each load of the weights. Results have the channels in the order (multiplier, channels).
 */
final class DepthwiseLast {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  /** Rows of outputs of a window five taps wide that share the copies of their inputs. */
  private static final int FIVE_ROWS = 4;

  private final float[] weights;
  private final int multiplier;
  private final float @Nullable [] bias;
  private final ConvGeometry geometry;
  private final int channels;
  private final int taps;
  private final Strides strides;
  private final int firstInside;
  private final int endInside;
  private final int step;
  private final boolean slides;
  private final boolean pairs;
  private final @Nullable DepthwisePlanes planes;
  private final @Nullable DepthwiseNarrow narrow;
  private final @Nullable Depthwise5 five;

  /**
   * @param kernel (kh, kw, channels, multiplier)
   * @param bias (multiplier, channels), or null
   */
  DepthwiseLast(float[] kernel, int multiplier, float @Nullable [] bias, ConvGeometry geometry) {
    this.multiplier = multiplier;
    this.bias = bias;
    this.geometry = geometry;
    channels = geometry.channels();
    taps = geometry.window().size().product();
    weights = multiplier == 1 ? kernel : multiplierMajor(kernel, taps * channels, multiplier);
    strides = Strides.ofInput(geometry);
    firstInside = Taps.firstInside(geometry);
    endInside = Taps.endInside(geometry);
    step = geometry.window().strides().get(1) * channels;
    pairs = Sliding.pairs(geometry);
    slides = channels >= LANES && Sliding.fits(geometry) && VectorKernels.isFinite(kernel);
    five =
        channels >= LANES && Sliding.isFiveWide(geometry) && VectorKernels.isFinite(kernel)
            ? new Depthwise5(weights, multiplier, bias, geometry)
            : null;
    float[] channelMajor = bias == null ? null : multiplierMajor(bias, multiplier, channels);
    narrow =
        DepthwiseNarrow.fits(geometry) && VectorKernels.isFinite(kernel)
            ? new DepthwiseNarrow(
                weights,
                multiplier,
                bias == null ? new float[multiplier * channels] : bias,
                geometry)
            : null;
    planes =
        channels >= LANES || narrow != null
            ? null
            : new DepthwisePlanes(kernel, multiplier, channelMajor, Clamp.NONE, geometry);
  }

  /** Moves value i * multiplier + m to m * size + i. */
  static float[] multiplierMajor(float[] values, int size, int multiplier) {
    float[] moved = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      moved[i % multiplier * size + i / multiplier] = values[i];
    }
    return moved;
  }

  /** How many outputs are computed most quickly together. */
  int unit() {
    int width = geometry.outputSize().get(1);
    if (five != null) {
      return Math.max(1, Math.min(FIVE_ROWS, 8 * Gemm.ROWS / Math.max(1, width))) * width;
    }
    return slides && pairs ? 2 * width : narrow != null ? width : Gemm.ROWS;
  }

  /** How many rows of outputs are computed most quickly together, by {@link #rows}. */
  int rowsTogether() {
    int most = five != null ? FIVE_ROWS : slides && pairs ? 2 : 1;
    return Math.min(most, geometry.outputSize().get(0));
  }

  /** Computes outputs {@code from} to {@code to} of some rows of an image, row after row. */
  void rows(
      float[] x,
      int xOffset,
      int image,
      int oy,
      int count,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int start = xOffset + image * strides.image();
    if (five != null) {
      five.rows(x, start, oy, count, from, to, scratch, out, outAt, outStep);
    } else {
      slide(x, start, oy, count, from, to, scratch.window, out, outAt, outStep);
    }
  }

  /** Computes outputs {@code from} to {@code to}, counted over the whole batch. */
  void compute(
      float[] x,
      int xOffset,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    if (planes != null) {
      byPlanes(x, xOffset, planes, from, to, scratch, out, outAt, outStep);
      return;
    }
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    for (int i = from; i < to; ) {
      int row = i / width;
      int ox = i % width;
      int count = Math.min(to - i, width - ox);
      int image = xOffset + row / height * strides.image();
      int at = outAt + (i - from) * outStep;
      if (narrow != null) {
        narrow.row(x, image, row % height, ox, ox + count, scratch, out, at, outStep);
      } else if (five != null) {
        int whole = count == width ? Math.min(height - row % height, (to - i) / width) : 1;
        int rows = Math.min(FIVE_ROWS, whole);
        five.rows(x, image, row % height, rows, ox, ox + count, scratch, out, at, outStep);
        i += (rows - 1) * count;
      } else if (slides) {
        boolean two = pairs && count == width && to - i >= 2 * width && row % height + 1 < height;
        int rows = two ? 2 : 1;
        slide(x, image, row % height, rows, ox, ox + count, scratch.window, out, at, outStep);
        i += (rows - 1) * count;
      } else {
        row(x, image, row % height, ox, ox + count, scratch.taps, out, at, outStep);
      }
      i += count;
    }
  }

  private void byPlanes(
      float[] x,
      int xOffset,
      DepthwisePlanes planes,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int pixels = geometry.outputSize().product();
    for (int i = from; i < to; ) {
      int first = i % pixels;
      int count = Math.min(to - i, pixels - first);
      float[] rows = scratch.edge(channels * multiplier * count + LANES);
      planes.compute(
          x, xOffset, i / pixels, 0, channels, first, first + count, scratch, rows, 0, count);
      for (int k = 0; k < channels * multiplier; k++) {
        int at = outAt + (i - from) * outStep + k % multiplier * channels + k / multiplier;
        spread(rows, k * count, count, out, at, outStep);
      }
      i += count;
    }
  }

  private static void spread(
      float[] from, int fromAt, int count, float[] to, int toAt, int toStep) {
    for (int i = 0; i < count; i++) {
      to[toAt + i * toStep] = from[fromAt + i];
    }
  }

  private void slide(
      float[] x,
      int image,
      int oy,
      int rows,
      int from,
      int to,
      SlidingWindow window,
      float[] out,
      int outAt,
      int outStep) {
    float[] init = bias == null ? Gemm.ZEROS : bias;
    int column = bias == null ? 0 : 1;
    for (int m = 0; m < multiplier; m++) {
      int weight = m * taps * channels;
      int initAt = m * channels * column;
      int at = outAt + m * channels;
      window.row(
          geometry, x, image, oy, rows, from, to, weights, weight, init, initAt, column, out, at,
          outStep);
    }
  }

  private void row(
      float[] x, int image, int oy, int from, int to, Taps t, float[] out, int outAt, int outStep) {
    int left = Math.min(Math.max(from, firstInside), to);
    int right = Math.max(left, Math.min(to, endInside));
    if (right - left < 4) {
      left = to;
      right = to;
    }
    for (int ox = from; ox < left; ox++) {
      single(x, image, oy, ox, t, out, outAt + (ox - from) * outStep);
    }
    if (left < right) {
      t.collect(geometry, oy, left, strides, channels);
    }
    for (int ox = left; ox < right; ox += 4) {
      int pixel = Math.min(ox, right - 4);
      int input = image + (pixel - left) * step;
      four(x, t, input, out, outAt + (pixel - from) * outStep, outStep);
    }
    for (int ox = right; ox < to; ox++) {
      single(x, image, oy, ox, t, out, outAt + (ox - from) * outStep);
    }
  }

  private void single(float[] x, int image, int oy, int ox, Taps t, float[] out, int outAt) {
    t.collect(geometry, oy, ox, strides, channels);
    float[] init = bias == null ? Gemm.ZEROS : bias;
    int column = bias == null ? 0 : 1;
    for (int m = 0; m < multiplier; m++) {
      int weight = m * taps * channels;
      int at = outAt + m * channels;
      int initAt = m * channels * column;
      onePixel(t, x, image, weights, weight, channels, init, initAt, column, out, at);
    }
  }

  private void four(float[] x, Taps t, int input, float[] out, int outAt, int outStep) {
    float[] init = bias == null ? Gemm.ZEROS : bias;
    int column = bias == null ? 0 : 1;
    for (int m = 0; m < multiplier; m++) {
      int weight = m * taps * channels;
      int at = outAt + m * channels;
      int initAt = m * channels * column;
      fourPixels(
          t, x, input, step, weights, weight, channels, init, initAt, column, out, at, outStep);
    }
  }

  private static void fourPixels(
      Taps t,
      float[] x,
      int input,
      int step,
      float[] weights,
      int weight,
      int channels,
      float[] init,
      int initAt,
      int initColumn,
      float[] out,
      int outAt,
      int outStep) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      fourByOne(
          t,
          x,
          input + c,
          step,
          weights,
          weight + c,
          init,
          initAt + c * initColumn,
          out,
          outAt + c,
          outStep);
    }
  }

  static void fourByOne(
      Taps t,
      float[] x,
      int input,
      int step,
      float[] weights,
      int weight,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep) {
    int[] inputs = t.inputs;
    int[] taps = t.weights;
    int count = t.count;
    FloatVector s0 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < count; i++) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, weight + taps[i]);
      int at = input + inputs[i];
      s0 = FloatVector.fromArray(SPECIES, x, at).fma(w, s0);
      s1 = FloatVector.fromArray(SPECIES, x, at + step).fma(w, s1);
      s2 = FloatVector.fromArray(SPECIES, x, at + 2 * step).fma(w, s2);
      s3 = FloatVector.fromArray(SPECIES, x, at + 3 * step).fma(w, s3);
    }
    s0.intoArray(out, outAt);
    s1.intoArray(out, outAt + outStep);
    s2.intoArray(out, outAt + 2 * outStep);
    s3.intoArray(out, outAt + 3 * outStep);
  }

  private static void onePixel(
      Taps t,
      float[] x,
      int input,
      float[] weights,
      int weight,
      int channels,
      float[] init,
      int initAt,
      int initColumn,
      float[] out,
      int outAt) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      oneByOne(t, x, input + c, weights, weight + c, init, initAt + c * initColumn, out, outAt + c);
    }
  }

  static void oneByOne(
      Taps t,
      float[] x,
      int input,
      float[] weights,
      int weight,
      float[] init,
      int initAt,
      float[] out,
      int outAt) {
    int[] inputs = t.inputs;
    int[] taps = t.weights;
    int count = t.count;
    FloatVector s = FloatVector.fromArray(SPECIES, init, initAt);
    for (int i = 0; i < count; i++) {
      FloatVector w = FloatVector.fromArray(SPECIES, weights, weight + taps[i]);
      s = FloatVector.fromArray(SPECIES, x, input + inputs[i]).fma(w, s);
    }
    s.intoArray(out, outAt);
  }
}
