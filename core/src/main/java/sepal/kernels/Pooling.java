package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import sepal.shape.ConvGeometry;

/**
 * Pooling: vectors along the channels on channels_last, plane by plane on channels_first.
 *
 * @param greatest true for the greatest value, false for the mean
 */
record Pooling(
    float[] x,
    int xOffset,
    float[] y,
    int yOffset,
    ConvGeometry geometry,
    boolean greatest,
    Strides strides) {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  /** channels_last, with as many channels as lanes or more: row {@code row} of the whole batch. */
  void rowLast(int row, Taps taps) {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int channels = geometry.channels();
    int image = xOffset + row / height * strides.image();
    for (int ox = 0; ox < width; ox++) {
      taps.collect(geometry, row % height, ox, strides, 0);
      int at = yOffset + (row * width + ox) * channels;
      if (greatest) {
        greatestPixel(taps, x, image, channels, y, at);
      } else {
        meanPixel(taps, x, image, channels, y, at);
      }
    }
  }

  private static void greatestPixel(
      Taps taps, float[] x, int image, int channels, float[] y, int yAt) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      greatestOf(taps, x, image + c, y, yAt + c);
    }
  }

  private static void greatestOf(Taps taps, float[] x, int at, float[] y, int yAt) {
    int[] inputs = taps.inputs;
    int count = taps.count;
    FloatVector best = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      best = best.max(FloatVector.fromArray(SPECIES, x, at + inputs[i]));
    }
    best.intoArray(y, yAt);
  }

  private static void meanPixel(Taps taps, float[] x, int image, int channels, float[] y, int yAt) {
    for (int i = 0; i < channels; i += LANES) {
      int c = Math.min(i, channels - LANES);
      meanOf(taps, x, image + c, y, yAt + c);
    }
  }

  private static void meanOf(Taps taps, float[] x, int at, float[] y, int yAt) {
    int[] inputs = taps.inputs;
    int count = taps.count;
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < count; i++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, x, at + inputs[i]));
    }
    sum.div(count).intoArray(y, yAt);
  }

  /** channels_first: plane {@code plane} of the whole batch. */
  void planeFirst(int plane, Taps taps) {
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int input = xOffset + plane * strides.channel();
    int at = yOffset + plane * height * width;
    for (int oy = 0; oy < height; oy++) {
      for (int ox = 0; ox < width; ox++) {
        taps.collect(geometry, oy, ox, strides, 0);
        y[at++] = greatest ? greatest(taps, input) : mean(taps, input);
      }
    }
  }

  private float greatest(Taps taps, int input) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < taps.count; i++) {
      best = Math.max(best, x[input + taps.inputs[i]]);
    }
    return best;
  }

  private float mean(Taps taps, int input) {
    float sum = 0;
    for (int i = 0; i < taps.count; i++) {
      sum += x[input + taps.inputs[i]];
    }
    return sum / taps.count;
  }
}
