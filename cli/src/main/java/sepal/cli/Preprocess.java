package sepal.cli;

import java.util.Locale;
import sepal.check.Problem;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * What is done to the numbers 0 to 255 of a picture before a model sees them.
 *
 * @see "Keras 3.16, keras.applications.imagenet_utils.preprocess_input"
 */
enum Preprocess {
  /** Nothing. */
  NONE,
  /** x / 255. */
  UNIT,
  /** x / 127.5 - 1. */
  TF,
  /** x / 255, less the mean of each channel, over its standard deviation; red, green, blue. */
  TORCH,
  /** Blue, green, red; less the mean of each channel. */
  CAFFE;

  private static final float[] TORCH_MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] TORCH_DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final float[] CAFFE_MEAN = {103.939f, 116.779f, 123.68f};

  /**
   * @param x of any rank; for torch and caffe with an axis of 3 channels
   * @param channelAxis where that axis is
   */
  Tensor apply(Tensor x, int channelAxis) {
    if (this == NONE) {
      return x;
    }
    float[] from = x.cast(DType.FLOAT32).floats();
    float[] to = new float[from.length];
    if (this == UNIT || this == TF) {
      for (int i = 0; i < to.length; i++) {
        to[i] = this == UNIT ? from[i] / 255f : from[i] / 127.5f - 1f;
      }
      return Tensor.wrap(to, x.shape());
    }
    if (channelAxis >= x.shape().rank() || x.shape().get(channelAxis) != 3) {
      throw Problem.in("--preprocess " + this, "colour only")
          .got("input of shape " + x.shape())
          .expected("3 channels on axis " + channelAxis)
          .asInvalidArgument();
    }
    int inner = x.shape().slice(channelAxis + 1, x.shape().rank()).size();
    for (int i = 0; i < to.length; i++) {
      int channel = i / inner % 3;
      to[i] =
          this == TORCH
              ? (from[i] / 255f - TORCH_MEAN[channel]) / TORCH_DEVIATION[channel]
              : from[i + (2 - 2 * channel) * inner] - CAFFE_MEAN[channel];
    }
    return Tensor.wrap(to, x.shape());
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
