package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import sepal.shape.ConvGeometry;

/**
 * The depthwise step on channels_last with fewer channels than lanes and strides of 1 along the
 * rows: a row of pixels is one run of values, in which vectors hold several pixels and taps lie a
 * constant number of values apart. Weights are repeated for every pixel of a vector.
 */
final class DepthwiseNarrow {
  private static final int LANES = Lanes.COUNT;

  /** Fewer channels are quicker one by one. */
  private static final int FEWEST = 4;

  private final int multiplier;
  private final ConvGeometry geometry;
  private final int channels;
  private final int inputRow;
  private final int width;

  /** The weights and, from {@link #init} on, what sums start with. */
  private final float[] weights;

  private final int init;

  /**
   * @param weights (multiplier, kh, kw, channels)
   * @param bias (multiplier, channels)
   */
  DepthwiseNarrow(float[] weights, int multiplier, float[] bias, ConvGeometry geometry) {
    this.multiplier = multiplier;
    this.geometry = geometry;
    channels = geometry.channels();
    width = geometry.outputSize().get(1);
    inputRow = (width - 1 + geometry.window().span(1)) * channels;
    init = weights.length * LANES;
    this.weights = new float[init + bias.length * LANES];
    repeat(weights, this.weights, 0);
    repeat(bias, this.weights, init);
  }

  static boolean fits(ConvGeometry geometry) {
    return geometry.channels() >= FEWEST
        && geometry.channels() < LANES
        && geometry.window().strides().get(1) == 1;
  }

  /** Each group of {@code channels} values as often as fills whole vectors. */
  private void repeat(float[] values, float[] to, int at) {
    for (int i = 0; i < values.length; i += channels) {
      for (int j = 0; j < LANES; j++) {
        System.arraycopy(values, i, to, at + i * LANES + j * channels, channels);
      }
    }
  }

  /**
   * Computes outputs {@code from} to {@code to} of row {@code oy} of the image that begins at
   * {@code image}.
   */
  void row(
      float[] x,
      int image,
      int oy,
      int from,
      int to,
      Scratch scratch,
      float[] out,
      int outAt,
      int outStep) {
    int count = (to - from) * channels;
    float[] input = input(x, image, oy, scratch);
    float[] row = scratch.edge(Panels.wholeVectors(count) + LANES);
    int vectors = Panels.wholeVectors(count) / LANES;
    int taps = geometry.window().size().product();
    for (int m = 0; m < multiplier; m++) {
      int weight = m * taps * channels * LANES;
      int initAt = init + m * channels * LANES;
      vectors(scratch.taps, input, from * channels, weight, initAt, row, vectors);
      spread(row, to - from, out, outAt + m * channels, outStep, outStep - m * channels);
    }
  }

  /** Four vectors at a time where all of them have the same weights. */
  private void vectors(
      Taps taps, float[] input, int at, int weight, int initAt, float[] row, int count) {
    boolean alike = LANES % channels == 0 && count >= 4;
    for (int i = 0; i < count; i += alike ? 4 : 1) {
      if (alike) {
        int first = Math.min(i, count - 4) * LANES;
        DepthwiseLast.fourByOne(
            taps, input, at + first, LANES, weights, weight, weights, initAt, row, first, LANES);
      } else {
        int phase = i % channels * LANES;
        DepthwiseLast.oneByOne(
            taps,
            input,
            at + i * LANES,
            weights,
            weight + phase,
            weights,
            initAt + phase,
            row,
            i * LANES);
      }
    }
  }

  /** The rows of the input that a row of outputs reads, with zeros around them. */
  private float[] input(float[] x, int image, int oy, Scratch scratch) {
    int height = geometry.window().size().get(0);
    float[] input = scratch.plane(height * inputRow + 2 * LANES);
    int left = geometry.source(1, 0, 0);
    int inputWidth = geometry.inputSize().get(1);
    int begin = Math.max(0, -left);
    int end = Math.min(inputWidth - left, inputRow / channels);
    scratch.taps.clear(geometry);
    for (int a = 0; a < height; a++) {
      int at = a * inputRow;
      int iy = geometry.source(0, oy, a);
      boolean inside = iy >= 0 && iy < geometry.inputSize().get(0) && begin < end;
      Arrays.fill(input, at, at + (inside ? begin * channels : inputRow), 0);
      if (inside) {
        int source = image + (iy * inputWidth + left + begin) * channels;
        System.arraycopy(x, source, input, at + begin * channels, (end - begin) * channels);
        Arrays.fill(input, at + end * channels, at + inputRow, 0);
      }
      int kernelWidth = geometry.window().size().get(1);
      for (int b = 0; b < kernelWidth; b++) {
        int dilation = geometry.window().dilation().get(1);
        scratch.taps.add(at + b * dilation * channels, (a * kernelWidth + b) * channels * LANES);
      }
    }
    return input;
  }

  /**
   * Copies the values of each pixel to where they belong.
   *
   * @param room values from there to the next pixel's: what is written there comes before what
   *     belongs there
   */
  private void spread(float[] row, int count, float[] out, int outAt, int outStep, int room) {
    int whole = room >= LANES ? count : 0;
    for (int i = 0; i < whole; i++) {
      FloatVector.fromArray(Gemm.SPECIES, row, i * channels).intoArray(out, outAt + i * outStep);
    }
    for (int i = whole; i < count; i++) {
      System.arraycopy(row, i * channels, out, outAt + i * outStep, channels);
    }
  }
}
