package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;

/**
 * The depthwise step on channels_first, and on channels_last with fewer channels than lanes:
 * vectors run along the pixels of a row. The rows that a tile needs are copied, channel by channel,
 * to a plane with zeros around it; with strides, columns of equal remainder lie together, so that
 * every load is of neighbours.
 */
final class DepthwisePlanes {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;
  private static final VectorShuffle<Float> EVERY_SECOND =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);

  private final float[] kernel;
  private final int multiplier;
  private final float @Nullable [] bias;
  private final float[] low;
  private final ConvGeometry geometry;
  private final Strides strides;
  private final int width;
  private final int stride;
  private final int phase;
  private final int planeRow;
  private final Taps taps = new Taps();
  private final boolean finite;
  private final boolean is3x3;
  private final boolean slides;

  /**
   * @param kernel (kh, kw, channels, multiplier)
   * @param bias (channels * multiplier), or null
   * @param geometry in either data format; results are channels_first
   */
  DepthwisePlanes(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    this.kernel = kernel;
    this.multiplier = multiplier;
    this.bias = bias;
    this.low = Gemm.low(clamp);
    this.geometry = geometry;
    strides = Strides.ofInput(geometry);
    width = geometry.outputSize().get(1);
    stride = geometry.window().strides().get(1);
    phase = width + (geometry.window().span(1) - 1) / stride + LANES;
    planeRow = phase * stride;
    is3x3 = geometry.window().size().equals(Dims.of(3, 3));
    finite = VectorKernels.isFinite(kernel);
    slides = finite && Sliding.fitsDown(geometry);
    collectTaps();
  }

  /** Column by column where the window slides down, so that every way of computing sums alike. */
  private void collectTaps() {
    taps.clear(geometry);
    int height = geometry.window().size().get(0);
    int kernelWidth = geometry.window().size().get(1);
    for (int i = 0; i < height * kernelWidth; i++) {
      int a = slides ? i % height : i / kernelWidth;
      int b = slides ? i / height : i % kernelWidth;
      int row = a * geometry.window().dilation().get(0) * planeRow;
      int column = b * geometry.window().dilation().get(1);
      int at = row + column % stride * phase + column / stride;
      taps.add(at, (a * kernelWidth + b) * geometry.channels() * multiplier);
    }
  }

  /**
   * Computes outputs {@code from} to {@code to} of one image for some input channels. Writes up to
   * {@link Gemm#LANES} values more than asked for after each output channel.
   */
  void compute(
      float[] x,
      int xOffset,
      int image,
      int firstChannel,
      int endChannel,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int firstRow = from / width;
    int lastRow = (to - 1) / width;
    int top = geometry.source(0, firstRow, 0);
    int rows = geometry.source(0, lastRow, 0) - top + geometry.window().span(0);
    int input = xOffset + image * strides.image();
    float[] plane = scratch.plane(rows * planeRow + LANES);
    Arrays.fill(plane, 0, rows * planeRow + LANES, 0);
    for (int c = firstChannel; c < endChannel; c++) {
      if (finite) {
        copy(x, input + c * strides.channel(), top, rows, plane);
      }
      for (int m = 0; m < multiplier; m++) {
        int k = c * multiplier + m;
        int at = outAt + (k - firstChannel * multiplier) * outStep;
        float init = bias == null ? 0 : bias[k];
        if (slides && (to - from) % width == 0 && from % width == 0) {
          down(plane, (to - from) / width, k, init, scratch, out, at);
        } else if (finite) {
          channel(plane, top, from, to, k, init, out, at);
        } else {
          skippingPadding(x, input + c * strides.channel(), from, to, k, init, out, at);
        }
      }
    }
  }

  /** Copies {@code rows} rows of a channel from {@code top} on; those on padding stay zero. */
  private void copy(float[] x, int channel, int top, int rows, float[] plane) {
    int left = geometry.source(1, 0, 0);
    int inputWidth = geometry.inputSize().get(1);
    int first = Math.max(0, left);
    int end = Math.min(inputWidth, geometry.source(1, width - 1, 0) + geometry.window().span(1));
    int begin = Math.max(0, top);
    int bottom = Math.min(geometry.inputSize().get(0), top + rows);
    if (stride == 1 && strides.column() == 1 && end - first >= LANES) {
      int to = (begin - top) * planeRow + first - left;
      copyRows(
          x,
          channel + begin * strides.row() + first,
          strides.row(),
          bottom - begin,
          end - first,
          plane,
          to,
          planeRow);
      return;
    }
    for (int iy = begin; iy < bottom; iy++) {
      int from = channel + iy * strides.row();
      int to = (iy - top) * planeRow;
      for (int ix = first; ix < Math.min(end, first + stride); ix++) {
        int column = ix - left;
        int at = to + column % stride * phase + column / stride;
        int count = (end - 1 - ix) / stride + 1;
        copyEvery(stride * strides.column(), x, from + ix * strides.column(), count, plane, at);
      }
    }
  }

  private static void copyRows(
      float[] from,
      int fromAt,
      int fromStep,
      int rows,
      int count,
      float[] to,
      int toAt,
      int toStep) {
    for (int row = 0; row < rows; row++) {
      copyRow(from, fromAt + row * fromStep, count, to, toAt + row * toStep);
    }
  }

  /** Copies {@code count} values, at least {@link Gemm#LANES}. */
  static void copyRow(float[] from, int fromAt, int count, float[] to, int toAt) {
    for (int j = 0; j < count; j += LANES) {
      int at = Math.min(j, count - LANES);
      FloatVector.fromArray(SPECIES, from, fromAt + at).intoArray(to, toAt + at);
    }
  }

  private static void copyEvery(
      int step, float[] from, int fromAt, int count, float[] to, int toAt) {
    if (step == 1) {
      System.arraycopy(from, fromAt, to, toAt, count);
    } else if (step == 2) {
      int vectors = copyEverySecond(from, fromAt, count, to, toAt);
      for (int i = vectors; i < count; i++) {
        to[toAt + i] = from[fromAt + 2 * i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[toAt + i] = from[fromAt + i * step];
      }
    }
  }

  /**
   * Half of each vector that is stored is for the next to overwrite.
   *
   * @return how many values were copied; some are left
   */
  private static int copyEverySecond(float[] from, int fromAt, int count, float[] to, int toAt) {
    int i = 0;
    for (; i + LANES < count; i += LANES / 2) {
      FloatVector.fromArray(SPECIES, from, fromAt + 2 * i)
          .rearrange(EVERY_SECOND)
          .intoArray(to, toAt + i);
    }
    return i;
  }

  /** Whole rows of one output channel. */
  private void down(
      float[] plane, int rows, int weight, float init, Scratch scratch, float[] out, int outAt) {
    scratch.window.down(geometry, plane, planeRow, taps, rows, kernel, weight, init, out, outAt);
    if (low[0] == 0) {
      Gemm.clamp(out, outAt, Math.max(rows * width, LANES), 0, Float.POSITIVE_INFINITY);
    }
  }

  /** Rows in order: what a row writes too much, the next one overwrites. */
  private void channel(
      float[] plane, int top, int from, int to, int weight, float init, float[] out, int outAt) {
    for (int i = from; i < to; ) {
      int oy = i / width;
      int ox = i % width;
      int count = Math.min(to - i, width - ox);
      int at = (geometry.source(0, oy, 0) - top) * planeRow + ox;
      int rowAt = outAt + i - from;
      if (is3x3 && !slides) {
        Depthwise3x3.row(
            plane, at, taps.inputs, count, kernel, weight, taps.weights[1], init, low, out, rowAt);
      } else {
        row(taps, plane, at, count, kernel, weight, init, low, out, rowAt);
      }
      i += count;
    }
  }

  private static void row(
      Taps t,
      float[] plane,
      int planeAt,
      int count,
      float[] weights,
      int weight,
      float init,
      float[] low,
      float[] out,
      int outAt) {
    int i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
      fourVectors(t, plane, planeAt + i, weights, weight, init, low, out, outAt + i);
    }
    for (; i < count; i += LANES) {
      oneVector(t, plane, planeAt + i, weights, weight, init, low, out, outAt + i);
    }
  }

  private static void fourVectors(
      Taps t,
      float[] plane,
      int planeAt,
      float[] weights,
      int weight,
      float init,
      float[] low,
      float[] out,
      int outAt) {
    int[] inputs = t.inputs;
    int[] taps = t.weights;
    int count = t.count;
    FloatVector s0 = FloatVector.broadcast(SPECIES, init);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < count; i++) {
      FloatVector w = FloatVector.broadcast(SPECIES, weights[weight + taps[i]]);
      int at = planeAt + inputs[i];
      s0 = FloatVector.fromArray(SPECIES, plane, at).fma(w, s0);
      s1 = FloatVector.fromArray(SPECIES, plane, at + LANES).fma(w, s1);
      s2 = FloatVector.fromArray(SPECIES, plane, at + 2 * LANES).fma(w, s2);
      s3 = FloatVector.fromArray(SPECIES, plane, at + 3 * LANES).fma(w, s3);
    }
    FloatVector l = FloatVector.fromArray(SPECIES, low, 0);
    s0.blend(l, s0.compare(VectorOperators.LT, l)).intoArray(out, outAt);
    s1.blend(l, s1.compare(VectorOperators.LT, l)).intoArray(out, outAt + LANES);
    s2.blend(l, s2.compare(VectorOperators.LT, l)).intoArray(out, outAt + 2 * LANES);
    s3.blend(l, s3.compare(VectorOperators.LT, l)).intoArray(out, outAt + 3 * LANES);
  }

  private static void oneVector(
      Taps t,
      float[] plane,
      int planeAt,
      float[] weights,
      int weight,
      float init,
      float[] low,
      float[] out,
      int outAt) {
    int[] inputs = t.inputs;
    int[] taps = t.weights;
    int count = t.count;
    FloatVector s = FloatVector.broadcast(SPECIES, init);
    for (int i = 0; i < count; i++) {
      FloatVector w = FloatVector.broadcast(SPECIES, weights[weight + taps[i]]);
      s = FloatVector.fromArray(SPECIES, plane, planeAt + inputs[i]).fma(w, s);
    }
    FloatVector l = FloatVector.fromArray(SPECIES, low, 0);
    s.blend(l, s.compare(VectorOperators.LT, l)).intoArray(out, outAt);
  }

  /** Zeros times infinite weights would give NaN, so here padding must be skipped tap by tap. */
  private void skippingPadding(
      float[] x, int channel, int from, int to, int weight, float init, float[] out, int outAt) {
    Taps inside = new Taps();
    for (int i = from; i < to; i++) {
      inside.collect(geometry, i / width, i % width, strides, geometry.channels() * multiplier);
      float sum = init;
      for (int t = 0; t < inside.count; t++) {
        sum += x[channel + inside.inputs[t]] * kernel[weight + inside.weights[t]];
      }
      out[outAt + i - from] = sum < low[0] ? low[0] : sum;
    }
  }
}
