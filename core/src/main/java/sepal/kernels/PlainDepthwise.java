package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * The depthwise step of {@link PlainForward}. Taps come in the order of {@link DepthwiseLast} or
 * {@link DepthwisePlanes}, whichever computes this geometry. What lies on padding is left out where
 * those leave it out, and multiplied with zero where they do so: that makes a zero without a sign
 * of one with a sign.
 */
final class PlainDepthwise implements PlainForward.Inputs {
  /** No vectors are longer; to ask for their real length loads many classes. */
  private static final int MOST_LANES = 64;

  private final float[] x;
  private final int xOffset;
  private final float[] kernel;
  private final int multiplier;
  private final float @Nullable [] bias;
  private final ConvGeometry geometry;
  private final Strides strides;
  private final int channels;
  private final PlainTaps taps;
  private final boolean slides;
  private final boolean isFiveWide;
  private final boolean planes;

  /** For channels_last, for each m and tap: the weights of all channels. */
  private final float[][] weights;

  /**
   * @param kernel (kh, kw, channels, multiplier), finite
   * @param bias (channels * multiplier), or null
   */
  PlainDepthwise(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      ConvGeometry geometry) {
    this.x = x;
    this.xOffset = xOffset;
    this.kernel = kernel;
    this.multiplier = multiplier;
    this.bias = bias;
    this.geometry = geometry;
    strides = Strides.ofInput(geometry);
    channels = geometry.channels();
    boolean last = geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    planes = !last || channels < MOST_LANES && channels < Lanes.COUNT;
    slides = !planes && Sliding.fits(geometry);
    isFiveWide = Sliding.isFiveWide(geometry);
    boolean narrow = last && planes && DepthwiseNarrow.fits(geometry);
    taps = new PlainTaps(geometry, planes && !narrow && Sliding.fitsDown(geometry));
    weights = last ? weights() : new float[0][];
  }

  private float[][] weights() {
    int taps = this.taps.count;
    float[][] rows = new float[multiplier * taps][channels];
    for (int m = 0; m < multiplier; m++) {
      for (int tap = 0; tap < taps; tap++) {
        float[] row = rows[m * taps + tap];
        int at = tap * channels * multiplier + m;
        if (multiplier == 1) {
          System.arraycopy(kernel, at, row, 0, channels);
        } else {
          for (int c = 0; c < channels; c++) {
            row[c] = kernel[at + c * multiplier];
          }
        }
      }
    }
    return rows;
  }

  ConvGeometry geometry() {
    return geometry;
  }

  /** The results in the order (multiplier, channels). */
  @Override
  public void pixel(int output, int group, float[] to, int at) {
    int oy = output / taps.newWidth % taps.newHeight;
    int ox = output % taps.newWidth;
    int image = xOffset + taps.image(output);
    float[] in = new float[channels];
    float[] sums = new float[channels];
    for (int m = 0; m < multiplier; m++) {
      begin(sums, m);
      for (int i = 0; i < taps.count; i++) {
        int source = taps.source(i, oy, ox);
        if (source >= 0) {
          System.arraycopy(x, image + source, in, 0, channels);
        } else if (planes
            || slides && taps.column(i, ox) < taps.width
            || isFiveWide && taps.isRowInside(i, oy)) {
          Arrays.fill(in, 0);
        } else {
          continue;
        }
        PlainForward.add(sums, in, weights[m * taps.count + taps.number(i)]);
      }
      System.arraycopy(sums, 0, to, at + m * channels, channels);
    }
  }

  private void begin(float[] sums, int m) {
    if (bias == null) {
      Arrays.fill(sums, 0);
      return;
    }
    for (int c = 0; c < channels; c++) {
      sums[c] = bias[c * multiplier + m];
    }
  }

  /** (multiplier, channels) to (channels, multiplier). */
  void inOrder(float[] moved, float[] to) {
    for (int i = 0; i < moved.length; i++) {
      to[i] = moved[i % multiplier * channels + i / multiplier];
    }
  }

  /** channels_first: filter {@code k} of all outputs of an image. */
  void plane(int image, int k, float[] sums) {
    int count = sums.length;
    float[] inputs = new float[taps.count * count];
    float[] in = new float[count];
    new Gather(geometry, strides, k / multiplier, 1)
        .columns(x, xOffset, image, 0, count, inputs, 0, count);
    Arrays.fill(sums, bias == null ? 0 : bias[k]);
    for (int i = 0; i < taps.count; i++) {
      int tap = taps.number(i);
      System.arraycopy(inputs, tap * count, in, 0, count);
      PlainForward.add(sums, kernel[tap * channels * multiplier + k], in);
    }
  }
}
