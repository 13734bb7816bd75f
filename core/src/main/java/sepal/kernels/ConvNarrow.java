package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * Convolutions with at most 8 filters on channels_last with strides of 1: filters would fill half a
 * vector, so vectors hold neighbouring pixels. The inputs of a band of rows are transposed to
 * planes with zeros around them, where each tap of each channel is read at a distance of its own;
 * the sums are transposed back. They run in the order of {@link Gather}.
 *
 * <p>Outputs are computed as one run over all rows of the band, with those between two rows, which
 * nobody asked for. Transposing is written for vectors of 16 lanes.
 */
final class ConvNarrow {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  /** Filters, or channels, that are computed together. */
  private static final int GROUP = 8;

  /** Outputs of a block: three vectors for each of 8 filters leave room for what they read. */
  private static final int BLOCK = 3 * LANES;

  /** Values of the planes of a band, where that is at least as many rows as the window has. */
  private static final int BAND = 16 * 1024;

  /** Values of as many rows as the window has that leave room in the second-level cache. */
  private static final int MOST = 128 * 1024;

  private final PackedKernel kernel;
  private final float[] init;
  private final Clamp clamp;
  private final ConvGeometry geometry;
  private final int channels;
  private final int filters;
  private final int span;
  private final int pitch;
  private final int left;
  private final int bandRows;
  private final int plane;
  private final int[] taps;

  ConvNarrow(PackedKernel kernel, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    this.kernel = kernel;
    this.clamp = clamp;
    this.geometry = geometry;
    channels = geometry.channels();
    filters = geometry.filters();
    init = bias == null ? new float[GROUP] : Arrays.copyOf(bias, GROUP);
    span = geometry.window().span(0);
    pitch = geometry.outputSize().get(1) - 1 + geometry.window().span(1);
    left = -geometry.source(1, 0, 0);
    int height = geometry.outputSize().get(0);
    int rows = Math.max(span, BAND / (channels * pitch) - span + 1);
    int bands = (height + rows - 1) / rows;
    bandRows = (height + bands - 1) / bands;
    plane = (bandRows + span) * pitch + BLOCK;
    taps = taps();
  }

  static boolean fits(ConvGeometry geometry, PackedKernel kernel) {
    int width = geometry.outputSize().get(1);
    return LANES == 2 * GROUP
        && kernel.groups == 1
        && geometry.dataFormat() == DataFormat.CHANNELS_LAST
        && geometry.filters() <= GROUP
        && geometry.window().size().product() > 1
        && geometry.window().strides().product() == 1
        && Math.min(width, geometry.inputSize().get(1)) >= LANES
        && geometry.outputSize().get(0) > 0
        && kernel.rows > 0
        && (long) kernel.rows / geometry.window().size().get(1) * width <= MOST;
  }

  /** Where each tap of each channel reads, from an output's place in the first plane on. */
  private int[] taps() {
    int height = geometry.window().size().get(0);
    int width = geometry.window().size().get(1);
    int[] taps = new int[height * width * channels];
    for (int i = 0; i < taps.length; i++) {
      int a = i / channels / width * geometry.window().dilation().get(0);
      int b = i / channels % width * geometry.window().dilation().get(1);
      taps[i] = i % channels * plane + a * pitch + b;
    }
    return taps;
  }

  Forward planned() {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int bands = (height + bandRows - 1) / bandRows;
    return new Shared(
        geometry.batch() * bands,
        (long) geometry.batch() * height * width * kernel.rows * filters,
        (task, x, xOffset, y, yOffset) -> {
          int image = task / bands;
          int oy = task % bands * bandRows;
          int rows = Math.min(bandRows, height - oy);
          int from = xOffset + image * geometry.inputSize().product() * channels;
          band(x, from, oy, rows, y, yOffset + (image * height + oy) * width * filters);
        });
  }

  private void band(float[] x, int image, int oy, int rows, float[] y, int yAt) {
    int width = geometry.outputSize().get(1);
    int count = rows * pitch;
    int sumsStep = count + BLOCK;
    int size = Panels.wholeVectors(Math.max(GROUP, channels) * plane);
    LineMemory memory = Scratch.get().tile(size + GROUP * sumsStep);
    float[] values = memory.data();
    planes(x, image, oy, rows - 1 + span, values, memory.start());
    int sums = memory.start() + size;
    for (int i = 0; i < count; i += BLOCK) {
      multiply8x3(
          values,
          memory.start() + i,
          taps,
          kernel.data,
          kernel.start,
          init,
          Gemm.low(clamp),
          values,
          sums + i,
          sumsStep);
    }
    for (int row = 0; row < rows; row++) {
      pixels(values, sums + row * pitch, sumsStep, width, y, yAt + row * width * filters);
    }
    if (clamp.high != Float.POSITIVE_INFINITY) {
      Gemm.clamp(y, yAt, rows * width * filters, clamp.low, clamp.high);
    }
  }

  /** Transposes the inputs of {@code rows} rows to planes, with zeros on padding. */
  private void planes(float[] x, int image, int oy, int rows, float[] to, int at) {
    int height = geometry.inputSize().get(0);
    int width = geometry.inputSize().get(1);
    int used = Math.min(width, pitch - left);
    for (int row = 0; row < rows; row++) {
      int iy = geometry.source(0, oy, 0) + row;
      int toAt = at + row * pitch;
      boolean inside = iy >= 0 && iy < height;
      for (int c = 0; c < channels; c++) {
        int start = toAt + c * plane;
        Arrays.fill(to, start, start + (inside ? left : pitch), 0);
        Arrays.fill(to, start + (inside ? left + used : pitch), start + pitch, 0);
      }
      if (inside) {
        row(x, image + iy * width * channels, used, to, toAt + left);
      }
    }
  }

  /** One row; where a vector would reach behind the end of x, value by value. */
  private void row(float[] x, int from, int count, float[] to, int toAt) {
    if (channels == 1) {
      System.arraycopy(x, from, to, toAt, count);
      return;
    }
    for (int ix = 0; ix < count; ix += LANES) {
      int pixel = Math.min(ix, count - LANES);
      int at = from + pixel * channels;
      boolean whole = at + (LANES - 1) * channels + GROUP <= x.length;
      for (int c = 0; c < channels; c += GROUP) {
        int first = Math.max(0, Math.min(c, channels - GROUP));
        if (whole) {
          Transpose.eightToPlanes(x, at + first, channels, to, toAt + pixel + first * plane, plane);
        } else {
          for (int i = 0; i < LANES * channels; i++) {
            to[toAt + pixel + i % channels * plane + i / channels] = x[at + i];
          }
        }
      }
    }
  }

  /** Transposes a row of sums to outputs. */
  private void pixels(float[] sums, int at, int step, int count, float[] y, int yAt) {
    float[] few = filters < GROUP ? Scratch.get().edge(LANES * GROUP) : y;
    for (int ox = 0; ox < count; ox += LANES) {
      int pixel = Math.min(ox, count - LANES);
      int to = yAt + pixel * filters;
      Transpose.eightToPixels(sums, at + pixel, step, few, few == y ? to : 0);
      if (few != y) {
        narrow(few, y, to, filters);
      }
    }
  }

  private static void narrow(float[] few, float[] y, int at, int filters) {
    for (int pixel = 0; pixel < LANES; pixel++) {
      for (int f = 0; f < filters; f++) {
        y[at + pixel * filters + f] = few[pixel * GROUP + f];
      }
    }
  }

  /** 8 filters and three vectors of outputs. */
  private static void multiply8x3(
      float[] planes,
      int at,
      int[] taps,
      float[] weights,
      int weight,
      float[] init,
      float[] lows,
      float[] sums,
      int sumsAt,
      int sumsStep) {
    FloatVector s00 = FloatVector.broadcast(SPECIES, init[0]);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s10 = FloatVector.broadcast(SPECIES, init[1]);
    FloatVector s11 = s10;
    FloatVector s12 = s10;
    FloatVector s20 = FloatVector.broadcast(SPECIES, init[2]);
    FloatVector s21 = s20;
    FloatVector s22 = s20;
    FloatVector s30 = FloatVector.broadcast(SPECIES, init[3]);
    FloatVector s31 = s30;
    FloatVector s32 = s30;
    FloatVector s40 = FloatVector.broadcast(SPECIES, init[4]);
    FloatVector s41 = s40;
    FloatVector s42 = s40;
    FloatVector s50 = FloatVector.broadcast(SPECIES, init[5]);
    FloatVector s51 = s50;
    FloatVector s52 = s50;
    FloatVector s60 = FloatVector.broadcast(SPECIES, init[6]);
    FloatVector s61 = s60;
    FloatVector s62 = s60;
    FloatVector s70 = FloatVector.broadcast(SPECIES, init[7]);
    FloatVector s71 = s70;
    FloatVector s72 = s70;
    for (int k = 0; k < taps.length; k++) {
      int from = at + taps[k];
      FloatVector x0 = FloatVector.fromArray(SPECIES, planes, from);
      FloatVector x1 = FloatVector.fromArray(SPECIES, planes, from + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, planes, from + 2 * LANES);
      FloatVector w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES]);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      s02 = w.fma(x2, s02);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 1]);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      s12 = w.fma(x2, s12);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 2]);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      s22 = w.fma(x2, s22);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 3]);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
      s32 = w.fma(x2, s32);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 4]);
      s40 = w.fma(x0, s40);
      s41 = w.fma(x1, s41);
      s42 = w.fma(x2, s42);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 5]);
      s50 = w.fma(x0, s50);
      s51 = w.fma(x1, s51);
      s52 = w.fma(x2, s52);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 6]);
      s60 = w.fma(x0, s60);
      s61 = w.fma(x1, s61);
      s62 = w.fma(x2, s62);
      w = FloatVector.broadcast(SPECIES, weights[weight + k * LANES + 7]);
      s70 = w.fma(x0, s70);
      s71 = w.fma(x1, s71);
      s72 = w.fma(x2, s72);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    s00.blend(low, s00.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt);
    s01.blend(low, s01.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + LANES);
    s02.blend(low, s02.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 2 * LANES);
    s10.blend(low, s10.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + sumsStep);
    s11.blend(low, s11.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + sumsStep + LANES);
    s12.blend(low, s12.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + sumsStep + 2 * LANES);
    s20.blend(low, s20.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 2 * sumsStep);
    s21.blend(low, s21.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 2 * sumsStep + LANES);
    s22.blend(low, s22.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 2 * sumsStep + 2 * LANES);
    s30.blend(low, s30.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 3 * sumsStep);
    s31.blend(low, s31.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 3 * sumsStep + LANES);
    s32.blend(low, s32.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 3 * sumsStep + 2 * LANES);
    s40.blend(low, s40.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 4 * sumsStep);
    s41.blend(low, s41.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 4 * sumsStep + LANES);
    s42.blend(low, s42.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 4 * sumsStep + 2 * LANES);
    s50.blend(low, s50.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 5 * sumsStep);
    s51.blend(low, s51.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 5 * sumsStep + LANES);
    s52.blend(low, s52.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 5 * sumsStep + 2 * LANES);
    s60.blend(low, s60.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 6 * sumsStep);
    s61.blend(low, s61.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 6 * sumsStep + LANES);
    s62.blend(low, s62.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 6 * sumsStep + 2 * LANES);
    s70.blend(low, s70.compare(VectorOperators.LT, low)).intoArray(sums, sumsAt + 7 * sumsStep);
    s71.blend(low, s71.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 7 * sumsStep + LANES);
    s72.blend(low, s72.compare(VectorOperators.LT, low))
        .intoArray(sums, sumsAt + 7 * sumsStep + 2 * LANES);
  }
}
