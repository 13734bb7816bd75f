package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import sepal.shape.ConvGeometry;

/**
 * The depthwise step of a 3 x 3 window on channels_last, sliding along a row of outputs with one
 * vector of channels: the nine weights stay in registers, and so do the inputs that the next output
 * reads again. Taps on padding read zeros.
 *
 * <p>Belongs to one thread: it holds where the three rows of taps lie.
 */
final class SlidingWindow {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private final float[][] rows = new float[4][];
  private final int[] starts = new int[4];
  private final int[] steps = new int[4];
  private final float[] weights = new float[10 * LANES];

  /**
   * The same on a plane of one channel with zeros around it: sliding down the rows with one vector
   * of neighbouring outputs. Writes up to {@link Gemm#LANES} values too many, which the next row
   * overwrites.
   *
   * @param taps where the first output reads the plane and the weights, column by column
   * @param count rows of outputs
   */
  void down(
      ConvGeometry geometry,
      float[] plane,
      int planeRow,
      Taps taps,
      int count,
      float[] kernel,
      int weight,
      float init,
      float[] out,
      int outAt) {
    int width = geometry.outputSize().get(1);
    int stride = geometry.window().strides().get(0);
    int phases = geometry.window().dilation().get(0);
    spread(kernel, weight, taps.weights, init, weights);
    for (int phase = 0; phase < Math.min(count, phases); phase++) {
      int height = (count - phase + phases - 1) / phases;
      int at = outAt + phase * width;
      for (int b = 0; b < 3; b++) {
        rows[b] = plane;
        starts[b] = taps.inputs[3 * b + 1] + phase * planeRow;
        steps[b] = phases * planeRow;
      }
      for (int i = 0; i < width; i += LANES) {
        int c = Math.max(0, Math.min(i, width - LANES));
        int to = at + c;
        int next = phases * width;
        if (stride == 1) {
          byOne(c, true, height, false, weights, 0, LANES, weights, 9 * LANES, out, to, next);
        } else {
          byTwo(c, true, height, false, weights, 0, LANES, weights, 9 * LANES, out, to, next);
        }
      }
    }
  }

  /** Vectors of equal weights, and of {@code init}. */
  private static void spread(float[] kernel, int weight, int[] at, float init, float[] to) {
    for (int i = 0; i < 9; i++) {
      FloatVector.broadcast(SPECIES, kernel[weight + at[i]]).intoArray(to, i * LANES);
    }
    FloatVector.broadcast(SPECIES, init).intoArray(to, 9 * LANES);
  }

  /**
   * Computes outputs {@code from} to {@code to} of row {@code oy}, and of the next if asked to.
   *
   * @param height 1 or 2 rows
   * @param image where the image starts in x
   * @param weights (3, 3, channels), from {@code weight} on
   * @param init what the sums start with, as in {@link Gemm.Product}
   */
  void row(
      ConvGeometry geometry,
      float[] x,
      int image,
      int oy,
      int height,
      int from,
      int to,
      float[] weights,
      int weight,
      float[] init,
      int initAt,
      int initColumn,
      float[] out,
      int outAt,
      int outStep) {
    int stride = geometry.window().strides().get(1);
    int phases = stride == 1 ? geometry.window().dilation().get(1) : 1;
    int width = geometry.inputSize().get(1);
    int channels = geometry.channels();
    for (int phase = from; phase < Math.min(to, from + phases); phase++) {
      int count = (to - phase + phases - 1) / phases;
      int last = phase + (count - 1) * phases;
      boolean cut = geometry.source(1, last, 2) >= width;
      boolean begins = geometry.source(1, phase, 0) >= 0;
      int ix = geometry.source(1, phase, 1);
      for (int a = 0; a < 2 + height; a++) {
        int iy = geometry.source(0, oy, a);
        boolean inside = iy >= 0 && iy < geometry.inputSize().get(0);
        rows[a] = inside ? x : Gemm.ZEROS;
        starts[a] = inside ? image + (iy * width + ix) * channels : 0;
        steps[a] = inside ? phases * channels : 0;
      }
      int at = outAt + (phase - from) * outStep;
      for (int i = 0; i < channels; i += LANES) {
        int c = Math.min(i, channels - LANES);
        int w = weight + c;
        int s = initAt + c * initColumn;
        if (height == 2) {
          int next = (to - from) * outStep;
          pair(c, begins, count, cut, weights, w, channels, init, s, out, at + c, outStep, next);
        } else if (stride == 1) {
          byOne(
              c, begins, count, cut, weights, w, channels, init, s, out, at + c, phases * outStep);
        } else {
          byTwo(c, begins, count, cut, weights, w, channels, init, s, out, at + c, outStep);
        }
      }
    }
  }

  /**
   * Strides of 1.
   *
   * @param begins whether the first tap of the first output lies inside the input
   * @param cut whether the last tap of the last output does not
   */
  private void byOne(
      int c,
      boolean begins,
      int count,
      boolean cut,
      float[] weights,
      int w,
      int channels,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    int step0 = steps[0];
    int step1 = steps[1];
    int step2 = steps[2];
    int at0 = step0 == 0 ? 0 : starts[0] + c;
    int at1 = step1 == 0 ? 0 : starts[1] + c;
    int at2 = step2 == 0 ? 0 : starts[2] + c;
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, w);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, w + channels);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, w + 2 * channels);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, w + 3 * channels);
    FloatVector w4 = FloatVector.fromArray(SPECIES, weights, w + 4 * channels);
    FloatVector w5 = FloatVector.fromArray(SPECIES, weights, w + 5 * channels);
    FloatVector w6 = FloatVector.fromArray(SPECIES, weights, w + 6 * channels);
    FloatVector w7 = FloatVector.fromArray(SPECIES, weights, w + 7 * channels);
    FloatVector w8 = FloatVector.fromArray(SPECIES, weights, w + 8 * channels);
    FloatVector start = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector a0 =
        FloatVector.fromArray(SPECIES, begins ? r0 : Gemm.ZEROS, begins ? at0 - step0 : 0);
    FloatVector a1 =
        FloatVector.fromArray(SPECIES, begins ? r1 : Gemm.ZEROS, begins ? at1 - step1 : 0);
    FloatVector a2 =
        FloatVector.fromArray(SPECIES, begins ? r2 : Gemm.ZEROS, begins ? at2 - step2 : 0);
    FloatVector b0 = FloatVector.fromArray(SPECIES, r0, at0);
    FloatVector b1 = FloatVector.fromArray(SPECIES, r1, at1);
    FloatVector b2 = FloatVector.fromArray(SPECIES, r2, at2);
    int whole = cut ? count - 1 : count;
    for (int i = 0; i < whole; i++) {
      at0 += step0;
      at1 += step1;
      at2 += step2;
      FloatVector c0 = FloatVector.fromArray(SPECIES, r0, at0);
      FloatVector c1 = FloatVector.fromArray(SPECIES, r1, at1);
      FloatVector c2 = FloatVector.fromArray(SPECIES, r2, at2);
      FloatVector s = c0.fma(w2, b0.fma(w1, a0.fma(w0, start)));
      s = c1.fma(w5, b1.fma(w4, a1.fma(w3, s)));
      s = c2.fma(w8, b2.fma(w7, a2.fma(w6, s)));
      s.intoArray(out, outAt);
      outAt += outStep;
      a0 = b0;
      a1 = b1;
      a2 = b2;
      b0 = c0;
      b1 = c1;
      b2 = c2;
    }
    if (cut) {
      FloatVector s = b0.fma(w1, a0.fma(w0, start));
      s = b1.fma(w4, a1.fma(w3, s));
      s = b2.fma(w7, a2.fma(w6, s));
      s.intoArray(out, outAt);
    }
  }

  /** Two rows, {@code next} apart in {@code out}. */
  private void pair(
      int c,
      boolean begins,
      int count,
      boolean cut,
      float[] weights,
      int w,
      int channels,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep,
      int next) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    float[] r3 = rows[3];
    int step0 = steps[0];
    int step1 = steps[1];
    int step2 = steps[2];
    int step3 = steps[3];
    int at0 = step0 == 0 ? 0 : starts[0] + c;
    int at1 = step1 == 0 ? 0 : starts[1] + c;
    int at2 = step2 == 0 ? 0 : starts[2] + c;
    int at3 = step3 == 0 ? 0 : starts[3] + c;
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, w);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, w + channels);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, w + 2 * channels);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, w + 3 * channels);
    FloatVector w4 = FloatVector.fromArray(SPECIES, weights, w + 4 * channels);
    FloatVector w5 = FloatVector.fromArray(SPECIES, weights, w + 5 * channels);
    FloatVector w6 = FloatVector.fromArray(SPECIES, weights, w + 6 * channels);
    FloatVector w7 = FloatVector.fromArray(SPECIES, weights, w + 7 * channels);
    FloatVector w8 = FloatVector.fromArray(SPECIES, weights, w + 8 * channels);
    FloatVector start = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector a0 =
        FloatVector.fromArray(SPECIES, begins ? r0 : Gemm.ZEROS, begins ? at0 - step0 : 0);
    FloatVector a1 =
        FloatVector.fromArray(SPECIES, begins ? r1 : Gemm.ZEROS, begins ? at1 - step1 : 0);
    FloatVector a2 =
        FloatVector.fromArray(SPECIES, begins ? r2 : Gemm.ZEROS, begins ? at2 - step2 : 0);
    FloatVector a3 =
        FloatVector.fromArray(SPECIES, begins ? r3 : Gemm.ZEROS, begins ? at3 - step3 : 0);
    FloatVector b0 = FloatVector.fromArray(SPECIES, r0, at0);
    FloatVector b1 = FloatVector.fromArray(SPECIES, r1, at1);
    FloatVector b2 = FloatVector.fromArray(SPECIES, r2, at2);
    FloatVector b3 = FloatVector.fromArray(SPECIES, r3, at3);
    int whole = cut ? count - 1 : count;
    for (int i = 0; i < whole; i++) {
      at0 += step0;
      at1 += step1;
      at2 += step2;
      at3 += step3;
      FloatVector c0 = FloatVector.fromArray(SPECIES, r0, at0);
      FloatVector c1 = FloatVector.fromArray(SPECIES, r1, at1);
      FloatVector c2 = FloatVector.fromArray(SPECIES, r2, at2);
      FloatVector c3 = FloatVector.fromArray(SPECIES, r3, at3);
      FloatVector s = c0.fma(w2, b0.fma(w1, a0.fma(w0, start)));
      FloatVector t = c1.fma(w2, b1.fma(w1, a1.fma(w0, start)));
      s = c1.fma(w5, b1.fma(w4, a1.fma(w3, s)));
      t = c2.fma(w5, b2.fma(w4, a2.fma(w3, t)));
      s = c2.fma(w8, b2.fma(w7, a2.fma(w6, s)));
      t = c3.fma(w8, b3.fma(w7, a3.fma(w6, t)));
      s.intoArray(out, outAt);
      t.intoArray(out, outAt + next);
      outAt += outStep;
      a0 = b0;
      a1 = b1;
      a2 = b2;
      a3 = b3;
      b0 = c0;
      b1 = c1;
      b2 = c2;
      b3 = c3;
    }
    if (cut) {
      FloatVector s = b0.fma(w1, a0.fma(w0, start));
      FloatVector t = b1.fma(w1, a1.fma(w0, start));
      s = b1.fma(w4, a1.fma(w3, s));
      t = b2.fma(w4, a2.fma(w3, t));
      b2.fma(w7, a2.fma(w6, s)).intoArray(out, outAt);
      b3.fma(w7, a3.fma(w6, t)).intoArray(out, outAt + next);
    }
  }

  /** Strides of 2. */
  private void byTwo(
      int c,
      boolean begins,
      int count,
      boolean cut,
      float[] weights,
      int w,
      int channels,
      float[] init,
      int initAt,
      float[] out,
      int outAt,
      int outStep) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    int step0 = steps[0];
    int step1 = steps[1];
    int step2 = steps[2];
    int at0 = step0 == 0 ? 0 : starts[0] + c;
    int at1 = step1 == 0 ? 0 : starts[1] + c;
    int at2 = step2 == 0 ? 0 : starts[2] + c;
    FloatVector w0 = FloatVector.fromArray(SPECIES, weights, w);
    FloatVector w1 = FloatVector.fromArray(SPECIES, weights, w + channels);
    FloatVector w2 = FloatVector.fromArray(SPECIES, weights, w + 2 * channels);
    FloatVector w3 = FloatVector.fromArray(SPECIES, weights, w + 3 * channels);
    FloatVector w4 = FloatVector.fromArray(SPECIES, weights, w + 4 * channels);
    FloatVector w5 = FloatVector.fromArray(SPECIES, weights, w + 5 * channels);
    FloatVector w6 = FloatVector.fromArray(SPECIES, weights, w + 6 * channels);
    FloatVector w7 = FloatVector.fromArray(SPECIES, weights, w + 7 * channels);
    FloatVector w8 = FloatVector.fromArray(SPECIES, weights, w + 8 * channels);
    FloatVector start = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector a0 =
        FloatVector.fromArray(SPECIES, begins ? r0 : Gemm.ZEROS, begins ? at0 - step0 : 0);
    FloatVector a1 =
        FloatVector.fromArray(SPECIES, begins ? r1 : Gemm.ZEROS, begins ? at1 - step1 : 0);
    FloatVector a2 =
        FloatVector.fromArray(SPECIES, begins ? r2 : Gemm.ZEROS, begins ? at2 - step2 : 0);
    int whole = cut ? count - 1 : count;
    for (int i = 0; i < whole; i++) {
      FloatVector s = FloatVector.fromArray(SPECIES, r0, at0).fma(w1, a0.fma(w0, start));
      a0 = FloatVector.fromArray(SPECIES, r0, at0 + step0);
      s = a0.fma(w2, s);
      s = FloatVector.fromArray(SPECIES, r1, at1).fma(w4, a1.fma(w3, s));
      a1 = FloatVector.fromArray(SPECIES, r1, at1 + step1);
      s = a1.fma(w5, s);
      s = FloatVector.fromArray(SPECIES, r2, at2).fma(w7, a2.fma(w6, s));
      a2 = FloatVector.fromArray(SPECIES, r2, at2 + step2);
      a2.fma(w8, s).intoArray(out, outAt);
      at0 += 2 * step0;
      at1 += 2 * step1;
      at2 += 2 * step2;
      outAt += outStep;
    }
    if (cut) {
      FloatVector s = FloatVector.fromArray(SPECIES, r0, at0).fma(w1, a0.fma(w0, start));
      s = FloatVector.fromArray(SPECIES, r1, at1).fma(w4, a1.fma(w3, s));
      s = FloatVector.fromArray(SPECIES, r2, at2).fma(w7, a2.fma(w6, s));
      s.intoArray(out, outAt);
    }
  }
}
