package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The depthwise step of windows five taps wide on channels_last, with strides and dilation 1 along
 * the row. For one vector of channels, the rows of the input are copied side by side with zeros at
 * both ends, where neighbouring pixels lie a constant distance apart.
 */
final class Depthwise5 {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;
  private static final int WIDTH = 5;

  /** Neighbouring outputs that are computed together. */
  private static final int OUTPUTS = 8;

  private final ConvGeometry geometry;
  private final int multiplier;
  private final int channels;
  private final int vectors;
  private final int height;
  private final float @Nullable [] bias;

  /** (multiplier, vectors, kh, kw, lanes). */
  private final float[] weights;

  /**
   * @param weights (multiplier, kh, kw, channels), finite
   * @param bias (multiplier, channels), or null
   */
  Depthwise5(float[] weights, int multiplier, float @Nullable [] bias, ConvGeometry geometry) {
    this.geometry = geometry;
    this.multiplier = multiplier;
    this.bias = bias;
    channels = geometry.channels();
    vectors = (channels + LANES - 1) / LANES;
    height = geometry.window().size().get(0);
    int taps = height * WIDTH;
    this.weights = new float[multiplier * vectors * taps * LANES];
    for (int i = 0; i < multiplier * vectors * taps; i++) {
      int from = (i / taps / vectors * taps + i % taps) * channels + first(i / taps % vectors);
      System.arraycopy(weights, from, this.weights, i * LANES, LANES);
    }
  }

  /** The first channel of a vector; the last overlaps the one before. */
  private int first(int vector) {
    return Math.min(vector * LANES, channels - LANES);
  }

  /**
   * Computes outputs {@code from} to {@code to} of {@code count} rows from {@code oy} on, row after
   * row.
   */
  void rows(
      float[] x,
      int image,
      int oy,
      int count,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int columns = Math.max(OUTPUTS, to - from) + WIDTH - 1;
    int length = columns * LANES;
    int first = Math.max(0, geometry.source(0, oy, 0));
    int last = geometry.source(0, oy + count - 1, height - 1);
    int end = Math.min(geometry.inputSize().get(0), last + 1);
    LineMemory memory = scratch.rows(Math.max(1, end - first) * length);
    for (int vector = 0; vector < vectors; vector++) {
      int c = first(vector);
      for (int iy = first; iy < end; iy++) {
        int row = image + iy * geometry.inputSize().get(1) * channels + c;
        copy(x, row, geometry.source(1, from, 0), columns, memory, (iy - first) * length);
      }
      for (int i = 0; i < count * multiplier; i++) {
        int m = i % multiplier;
        int row = i / multiplier;
        int at = outAt + row * (to - from) * outStep + m * channels + c;
        row(memory, first, length, oy + row, to - from, vector, m, scratch, out, at, outStep);
      }
    }
  }

  private void row(
      LineMemory memory,
      int first,
      int length,
      int oy,
      int count,
      int vector,
      int m,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int top = 0;
    while (top < height && geometry.source(0, oy, top) < 0) {
      top++;
    }
    int taps = 0;
    while (top + taps < height
        && geometry.source(0, oy, top + taps) < geometry.inputSize().get(0)) {
      taps++;
    }
    int step = geometry.window().dilation().get(0) * length;
    int input = taps == 0 ? 0 : (geometry.source(0, oy, top) - first) * length;
    float[] x = memory.data();
    int weight = ((m * vectors + vector) * height + top) * WIDTH * LANES;
    float[] init = bias == null ? Gemm.ZEROS : bias;
    int initAt = bias == null ? 0 : m * channels + first(vector);
    boolean few = count < OUTPUTS;
    float[] to = few ? scratch.edge(OUTPUTS * LANES) : out;
    for (int i = 0; i < count; i += OUTPUTS) {
      int pixel = few ? 0 : Math.min(i, count - OUTPUTS);
      int at = memory.start() + input + pixel * LANES;
      int toAt = few ? 0 : outAt + pixel * outStep;
      eight(x, at, step, taps, weights, weight, init, initAt, to, toAt, few ? LANES : outStep);
    }
    for (int i = 0; few && i < count; i++) {
      System.arraycopy(to, i * LANES, out, outAt + i * outStep, LANES);
    }
  }

  /** Copies pixels {@code ix} to {@code ix + count} of a row, zeros where they lie on padding. */
  private void copy(float[] x, int row, int ix, int count, LineMemory memory, int at) {
    float[] to = memory.data();
    int toAt = memory.start() + at;
    int before = Math.min(count, Math.max(0, -ix));
    int inside = Math.max(0, Math.min(count, geometry.inputSize().get(1) - ix) - before);
    TapSums.zeros(to, toAt, before);
    TapSums.copy(x, row + (ix + before) * channels, channels, to, toAt + before * LANES, inside);
    int end = before + inside;
    TapSums.zeros(to, toAt + end * LANES, count - end);
  }

  /**
   * Eight neighbouring outputs, one vector of channels: each input is read once and added to all
   * outputs that it belongs to.
   *
   * @param rows rows of taps inside the input
   * @param weight where their weights begin
   */
  private static void eight(
      float[] x,
      int input,
      int rowStep,
      int rows,
      float[] weights,
      int weight,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int row = 0; row < rows; row++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, weights, weight);
      FloatVector w1 = FloatVector.fromArray(SPECIES, weights, weight + LANES);
      FloatVector w2 = FloatVector.fromArray(SPECIES, weights, weight + 2 * LANES);
      FloatVector w3 = FloatVector.fromArray(SPECIES, weights, weight + 3 * LANES);
      FloatVector w4 = FloatVector.fromArray(SPECIES, weights, weight + 4 * LANES);
      FloatVector v = FloatVector.fromArray(SPECIES, x, input);
      s0 = v.fma(w0, s0);
      v = FloatVector.fromArray(SPECIES, x, input + LANES);
      s0 = v.fma(w1, s0);
      s1 = v.fma(w0, s1);
      v = FloatVector.fromArray(SPECIES, x, input + 2 * LANES);
      s0 = v.fma(w2, s0);
      s1 = v.fma(w1, s1);
      s2 = v.fma(w0, s2);
      v = FloatVector.fromArray(SPECIES, x, input + 3 * LANES);
      s0 = v.fma(w3, s0);
      s1 = v.fma(w2, s1);
      s2 = v.fma(w1, s2);
      s3 = v.fma(w0, s3);
      v = FloatVector.fromArray(SPECIES, x, input + 4 * LANES);
      s0 = v.fma(w4, s0);
      s1 = v.fma(w3, s1);
      s2 = v.fma(w2, s2);
      s3 = v.fma(w1, s3);
      s4 = v.fma(w0, s4);
      v = FloatVector.fromArray(SPECIES, x, input + 5 * LANES);
      s1 = v.fma(w4, s1);
      s2 = v.fma(w3, s2);
      s3 = v.fma(w2, s3);
      s4 = v.fma(w1, s4);
      s5 = v.fma(w0, s5);
      v = FloatVector.fromArray(SPECIES, x, input + 6 * LANES);
      s2 = v.fma(w4, s2);
      s3 = v.fma(w3, s3);
      s4 = v.fma(w2, s4);
      s5 = v.fma(w1, s5);
      s6 = v.fma(w0, s6);
      v = FloatVector.fromArray(SPECIES, x, input + 7 * LANES);
      s3 = v.fma(w4, s3);
      s4 = v.fma(w3, s4);
      s5 = v.fma(w2, s5);
      s6 = v.fma(w1, s6);
      s7 = v.fma(w0, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 8 * LANES);
      s4 = v.fma(w4, s4);
      s5 = v.fma(w3, s5);
      s6 = v.fma(w2, s6);
      s7 = v.fma(w1, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 9 * LANES);
      s5 = v.fma(w4, s5);
      s6 = v.fma(w3, s6);
      s7 = v.fma(w2, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 10 * LANES);
      s6 = v.fma(w4, s6);
      s7 = v.fma(w3, s7);
      v = FloatVector.fromArray(SPECIES, x, input + 11 * LANES);
      s7 = v.fma(w4, s7);
      input += rowStep;
      weight += 5 * LANES;
    }
    s0.intoArray(out, outAt);
    s1.intoArray(out, outAt + outStep);
    s2.intoArray(out, outAt + 2 * outStep);
    s3.intoArray(out, outAt + 3 * outStep);
    s4.intoArray(out, outAt + 4 * outStep);
    s5.intoArray(out, outAt + 5 * outStep);
    s6.intoArray(out, outAt + 6 * outStep);
    s7.intoArray(out, outAt + 7 * outStep);
  }
}
