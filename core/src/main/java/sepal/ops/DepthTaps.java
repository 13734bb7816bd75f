package sepal.ops;

import sepal.kernels.Parallel;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Volumes as images: one image for each depth of the output of a convolution over three axes, in
 * whose channels lies what the taps of the window read along the depth. Channels are in the order
 * (groups, taps, channels of a group); taps on padding read zeros. In float32.
 */
final class DepthTaps {
  private final ConvGeometry geometry;
  private final int groups;
  private final int taps;
  private final int depth;
  private final int outDepth;
  private final int pixels;
  private final int channels;

  DepthTaps(ConvGeometry geometry, int groups) {
    this.geometry = geometry;
    this.groups = groups;
    taps = geometry.window().size().get(0);
    depth = geometry.inputSize().get(0);
    outDepth = geometry.outputSize().get(0);
    pixels = geometry.inputSize().get(1) * geometry.inputSize().get(2);
    channels = geometry.channels() / groups;
  }

  /** Channels of an image. */
  int imageChannels() {
    return geometry.channels() * taps;
  }

  /** The shape of all images. */
  private Shape images() {
    int height = geometry.inputSize().get(1);
    int width = geometry.inputSize().get(2);
    int count = Math.multiplyExact(geometry.batch(), outDepth);
    return geometry.dataFormat() == DataFormat.CHANNELS_LAST
        ? Shape.of(count, height, width, imageChannels())
        : Shape.of(count, imageChannels(), height, width);
  }

  /** The images for volumes as {@code geometry.input()}; volumes that are images stay so. */
  Tensor gather(Tensor x) {
    Tensor y = isReshape() ? x.reshape(images()) : read(x.floats());
    return Tape.record(y, (g, needed) -> new Tensor[] {scatter(g.cast(DType.FLOAT32))}, x);
  }

  /**
   * The sum over all images, each value sent back to the place in a volume that it is read from.
   */
  Tensor scatter(Tensor images) {
    Tensor y = isReshape() ? images.reshape(geometry.input()) : write(images.floats());
    return Tape.record(y, (g, needed) -> new Tensor[] {gather(g.cast(DType.FLOAT32))}, images);
  }

  private boolean isReshape() {
    return taps == 1
        && depth == outDepth
        && geometry.window().strides().get(0) == 1
        && geometry.padBefore().get(0) == 0
        && (geometry.dataFormat() == DataFormat.CHANNELS_LAST || depth == 1);
  }

  private Tensor read(float[] x) {
    float[] images = new float[images().size()];
    Parallel.run(
        geometry.batch() * outDepth,
        images.length,
        image -> {
          for (int tap = 0; tap < taps; tap++) {
            int at = geometry.source(0, image % outDepth, tap);
            if (at >= 0 && at < depth) {
              forEachRun(
                  image / outDepth,
                  at,
                  image,
                  tap,
                  (from, to, count) -> copy(x, from, images, to, count));
            }
          }
        });
    return Tensor.wrap(images, images());
  }

  /** One task for each image of a volume, so that sums do not depend on the number of threads. */
  private Tensor write(float[] images) {
    float[] x = new float[geometry.input().size()];
    Parallel.run(
        geometry.batch() * depth,
        images.length,
        task -> {
          int volume = task / depth;
          for (int out = 0; out < outDepth; out++) {
            for (int tap = 0; tap < taps; tap++) {
              if (geometry.source(0, out, tap) == task % depth) {
                forEachRun(
                    volume,
                    task % depth,
                    volume * outDepth + out,
                    tap,
                    (to, from, count) -> add(images, from, x, to, count));
              }
            }
          }
        });
    return Tensor.wrap(x, geometry.input());
  }

  private static void copy(float[] from, int fromAt, float[] to, int toAt, int count) {
    if (count >= 16) {
      System.arraycopy(from, fromAt, to, toAt, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i] = from[fromAt + i];
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  private interface Run {
    void visit(int inVolume, int inImage, int count);
  }

  /** Visits all values that lie side by side in a volume and in an image alike. */
  private void forEachRun(int volume, int at, int image, int tap, Run run) {
    boolean last = geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    int outer = last ? pixels : 1;
    int inner = last ? 1 : pixels;
    for (int pixel = 0; pixel < outer; pixel++) {
      for (int group = 0; group < groups; group++) {
        int toAt = ((image * outer + pixel) * groups + group) * taps + tap;
        if (last) {
          int fromAt = (volume * depth + at) * pixels + pixel;
          run.visit((fromAt * groups + group) * channels, toAt * channels, channels);
        } else {
          for (int c = group * channels; c < (group + 1) * channels; c++) {
            int fromAt = (volume * geometry.channels() + c) * depth + at;
            run.visit(fromAt * inner, (toAt * channels + c - group * channels) * inner, inner);
          }
        }
      }
    }
  }
}
