package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;

/**
 * The inputs of a dense or grouped convolution on channels_last, copied together for each output,
 * and their gradients, sent back to where they came from. Columns are (groups, kh, kw, channels of
 * a group).
 *
 * <p>Inputs that two ranges share are owned by the first; later ones keep their gradients aside,
 * and {@link #finish} adds them in order.
 */
final class WindowBackward {
  private final float[] x;
  private final float @Nullable [] dx;
  private final ConvGeometry geometry;
  private final int groups;
  private final int channels;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int kernelHeight;
  private final int kernelWidth;
  private final int dilation;
  private final boolean inOneGo;
  private final Part[] parts;

  /**
   * @param dx the gradient by x, zeros at first, or null
   * @param parts how many ranges there will be
   */
  WindowBackward(float[] x, float @Nullable [] dx, int groups, ConvGeometry geometry, int parts) {
    this.x = x;
    this.dx = dx;
    this.groups = groups;
    this.geometry = geometry;
    this.parts = new Part[parts];
    channels = geometry.channels() / groups;
    height = geometry.inputSize().get(0);
    width = geometry.inputSize().get(1);
    outHeight = geometry.outputSize().get(0);
    outWidth = geometry.outputSize().get(1);
    kernelHeight = geometry.window().size().get(0);
    kernelWidth = geometry.window().size().get(1);
    dilation = geometry.window().dilation().get(1);
    inOneGo = groups == 1 && dilation == 1;
  }

  /** Starts range {@code index}: output rows {@code from} to {@code to}, counted over the batch. */
  Part part(int index, int from, int to) {
    Part part = new Part(from, to);
    parts[index] = part;
    return part;
  }

  /** When all ranges have ended: adds what lies aside. */
  void finish() {
    for (Part part : parts) {
      int at = (part.firstImage * height + part.asideFirst) * width * geometry.channels();
      for (int i = 0; dx != null && i < part.aside.length; i++) {
        dx[at + i] += part.aside[i];
      }
    }
  }

  /** One range of output rows. */
  final class Part implements ProductBackward.Part {
    private final int firstImage;
    private final int asideFirst;
    private final int asideEnd;
    private final float[] aside;

    private Part(int from, int to) {
      firstImage = from / outHeight;
      int oy = from % outHeight;
      int last = (to - 1) / outHeight > firstImage ? outHeight - 1 : (to - 1) % outHeight;
      asideFirst = Math.max(0, geometry.source(0, oy, 0));
      asideEnd = oy == 0 ? 0 : Math.min(end(oy - 1), end(last));
      boolean shares = dx != null && asideEnd > asideFirst;
      aside = new float[shares ? (asideEnd - asideFirst) * width * geometry.channels() : 0];
    }

    /** One past the last input row that an output row reads. */
    private int end(int oy) {
      return Math.min(height, geometry.source(0, oy, kernelHeight - 1) + 1);
    }

    @Override
    public void forward(int row, int count, float[] out, int outAt, int outStep) {
      for (int i = 0; i < count * outWidth; i++) {
        pixel(row + i / outWidth, i % outWidth, out, outAt + i * outStep);
      }
    }

    private void pixel(int row, int ox, float[] out, int at) {
      int image = row / outHeight * height;
      int left = geometry.source(1, ox, 0);
      for (int a = 0; a < kernelHeight; a++) {
        int iy = geometry.source(0, row % outHeight, a);
        boolean inside = iy >= 0 && iy < height;
        int from = ((image + iy) * width + left) * geometry.channels();
        int to = at + a * kernelWidth * channels;
        if (inOneGo) {
          int begin = inside ? begin(left) : 0;
          int end = inside ? Math.max(begin, end(left, begin)) : 0;
          Arrays.fill(out, to, to + begin, 0);
          copy(x, from + begin, out, to + begin, end - begin);
          Arrays.fill(out, to + end, to + kernelWidth * channels, 0);
        } else {
          for (int b = 0; b < kernelWidth; b++) {
            int ix = left + b * dilation;
            tap(
                inside && ix >= 0 && ix < width,
                from + b * dilation * geometry.channels(),
                out,
                to + b * channels);
          }
        }
      }
    }

    /** Values of a row of taps that lie before the input, and where those after it begin. */
    private int begin(int left) {
      return Math.min(kernelWidth, Math.max(0, -left)) * channels;
    }

    private int end(int left, int begin) {
      return Math.max(begin, Math.min(kernelWidth, width - left) * channels);
    }

    private void tap(boolean inside, int from, float[] out, int at) {
      int step = kernelHeight * kernelWidth * channels;
      for (int group = 0; group < groups; group++) {
        int to = at + group * step;
        if (inside) {
          copy(x, from + group * channels, out, to, channels);
        } else {
          Arrays.fill(out, to, to + channels, 0);
        }
      }
    }

    @Override
    public void backward(int row, int count, float[] values, int at, int step) {
      for (int i = 0; dx != null && i < count * outWidth; i++) {
        sendBack(dx, row + i / outWidth, i % outWidth, values, at + i * step);
      }
    }

    private void sendBack(float[] dx, int row, int ox, float[] values, int at) {
      int image = row / outHeight;
      int left = geometry.source(1, ox, 0);
      for (int a = 0; a < kernelHeight; a++) {
        int iy = geometry.source(0, row % outHeight, a);
        if (iy < 0 || iy >= height) {
          continue;
        }
        boolean isAside = image == firstImage && iy >= asideFirst && iy < asideEnd;
        float[] out = isAside ? aside : dx;
        int outRow = isAside ? iy - asideFirst : image * height + iy;
        int to = (outRow * width + left) * geometry.channels();
        int from = at + a * kernelWidth * channels;
        if (inOneGo) {
          int begin = begin(left);
          add(values, from + begin, out, to + begin, end(left, begin) - begin);
        } else {
          for (int b = 0; b < kernelWidth; b++) {
            int ix = left + b * dilation;
            if (ix >= 0 && ix < width) {
              addTap(values, from + b * channels, out, to + b * dilation * geometry.channels());
            }
          }
        }
      }
    }

    private void addTap(float[] values, int at, float[] out, int to) {
      int step = kernelHeight * kernelWidth * channels;
      for (int group = 0; group < groups; group++) {
        add(values, at + group * step, out, to + group * channels, channels);
      }
    }
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
}
