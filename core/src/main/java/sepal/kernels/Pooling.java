package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import sepal.shape.ConvGeometry;

/**
 * Pooling: vectors along the channels on channels_last, plane by plane on channels_first.
 *
 * @param greatest true for the greatest value, false for the mean
 */
record Pooling(ConvGeometry geometry, boolean greatest, Strides strides) {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  /** channels_last, with as many channels as lanes or more: row {@code row} of the whole batch. */
  void rowLast(int row, float[] x, int xOffset, float[] y, int yOffset, Taps taps) {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int channels = geometry.channels();
    int image = xOffset + row / height * strides.image();
    int at = yOffset + row * width * channels;
    int left = Math.min(Taps.firstInside(geometry), width);
    int right = Math.max(left, Taps.endInside(geometry));
    for (int ox = 0; ox < width; ) {
      int count = ox >= left && ox < right ? right - ox : 1;
      taps.collect(geometry, row % height, ox, strides, 0);
      pixels(taps, x, image, count, y, at + ox * channels);
      ox += count;
    }
  }

  /**
   * Neighbouring outputs whose taps lie side by side: four of them at a time, or four vectors of
   * one.
   */
  private void pixels(Taps taps, float[] x, int image, int count, float[] y, int yAt) {
    int channels = geometry.channels();
    int step = geometry.window().strides().get(1) * channels;
    boolean pixels = count >= 4;
    boolean vectors = !pixels && channels >= 4 * LANES;
    int inputStep = pixels ? step : vectors ? LANES : 0;
    int outputStep = pixels ? channels : vectors ? LANES : 0;
    int width = vectors ? 4 * LANES : LANES;
    for (int i = 0; i < count; i += pixels ? 4 : 1) {
      int first = pixels ? Math.min(i, count - 4) : i;
      for (int k = 0; k < channels; k += width) {
        int c = Math.min(k, channels - width);
        int input = image + first * step + c;
        int at = yAt + first * channels + c;
        if (greatest) {
          greatestOf(taps, x, input, inputStep, y, at, outputStep);
        } else {
          meanOf(taps, x, input, inputStep, y, at, outputStep);
        }
      }
    }
  }

  /** Four vectors of outputs, which are the same one where both steps are 0. */
  private static void greatestOf(
      Taps taps, float[] x, int at, int step, float[] y, int yAt, int yStep) {
    int[] inputs = taps.inputs;
    int count = taps.count;
    FloatVector best0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector best1 = best0;
    FloatVector best2 = best0;
    FloatVector best3 = best0;
    for (int i = 0; i < count; i++) {
      int from = at + inputs[i];
      best0 = best0.max(FloatVector.fromArray(SPECIES, x, from));
      best1 = best1.max(FloatVector.fromArray(SPECIES, x, from + step));
      best2 = best2.max(FloatVector.fromArray(SPECIES, x, from + 2 * step));
      best3 = best3.max(FloatVector.fromArray(SPECIES, x, from + 3 * step));
    }
    best0.intoArray(y, yAt);
    best1.intoArray(y, yAt + yStep);
    best2.intoArray(y, yAt + 2 * yStep);
    best3.intoArray(y, yAt + 3 * yStep);
  }

  private static void meanOf(
      Taps taps, float[] x, int at, int step, float[] y, int yAt, int yStep) {
    int[] inputs = taps.inputs;
    int count = taps.count;
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int i = 0; i < count; i++) {
      int from = at + inputs[i];
      sum0 = sum0.add(FloatVector.fromArray(SPECIES, x, from));
      sum1 = sum1.add(FloatVector.fromArray(SPECIES, x, from + step));
      sum2 = sum2.add(FloatVector.fromArray(SPECIES, x, from + 2 * step));
      sum3 = sum3.add(FloatVector.fromArray(SPECIES, x, from + 3 * step));
    }
    sum0.div(count).intoArray(y, yAt);
    sum1.div(count).intoArray(y, yAt + yStep);
    sum2.div(count).intoArray(y, yAt + 2 * yStep);
    sum3.div(count).intoArray(y, yAt + 3 * yStep);
  }

  /** channels_first: plane {@code plane} of the whole batch. */
  void planeFirst(int plane, float[] x, int xOffset, float[] y, int yOffset, Taps taps) {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int input = xOffset + plane * strides.channel();
    int at = yOffset + plane * height * width;
    for (int oy = 0; oy < height; oy++) {
      for (int ox = 0; ox < width; ox++) {
        taps.collect(geometry, oy, ox, strides, 0);
        y[at++] = greatest ? greatest(taps, x, input) : mean(taps, x, input);
      }
    }
  }

  private static float greatest(Taps taps, float[] x, int input) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < taps.count; i++) {
      best = Math.max(best, x[input + taps.inputs[i]]);
    }
    return best;
  }

  private static float mean(Taps taps, float[] x, int input) {
    float sum = 0;
    for (int i = 0; i < taps.count; i++) {
      sum += x[input + taps.inputs[i]];
    }
    return sum / taps.count;
  }
}
