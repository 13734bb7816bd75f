package sepal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;

/**
 * The depthwise step of channels_last, forwards and backwards, over ranges of output rows. Rows of
 * the input and of the gradient that comes down are copied into rings with zeros around them, so
 * that no loop has to know of edges; channels are filled up to whole vectors.
 *
 * <p>Between depthwise and pointwise, channels have the order (multiplier, padded channels).
 *
 * <p>The gradient by the input is gathered: every input sums up what its windows send down. Inputs
 * that two ranges share are written by the first; later ones keep theirs aside, and {@link #finish}
 * adds them in order.
 */
final class DepthwiseBackward {
  /** Pixels that share loads and stores of the sums of the taps. */
  private static final int GROUP = 32;

  private final float[] x;
  private final int multiplier;
  private final float @Nullable [] dx;
  private final boolean wantsKernel;
  private final ConvGeometry geometry;
  private final int tileRows;
  private final int channels;
  private final int taps;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int stride;
  private final int columnStride;
  private final int span;
  private final int top;
  private final int left;
  private final boolean is3x3;

  /** Channels filled up to whole vectors. */
  final int padded;

  private final int pixel;
  private final int downPixel;
  private final int firstDown;
  private final int downColumns;
  private final float[] weights;
  private final float[] reversed;
  private final Part[] parts;

  /**
   * @param kernel (kh, kw, channels, multiplier)
   * @param dx the gradient by x, or null
   * @param wantsKernel whether the gradient by the kernel is wanted
   * @param parts how many ranges there will be
   * @param tileRows the most rows that are worked on at a time
   */
  DepthwiseBackward(
      float[] x,
      float[] kernel,
      int multiplier,
      float @Nullable [] dx,
      boolean wantsKernel,
      ConvGeometry geometry,
      int parts,
      int tileRows) {
    assert geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    this.x = x;
    this.multiplier = multiplier;
    this.dx = dx;
    this.wantsKernel = wantsKernel;
    this.geometry = geometry;
    this.tileRows = tileRows;
    this.parts = new Part[parts];
    channels = geometry.channels();
    taps = geometry.window().size().product();
    height = geometry.inputSize().get(0);
    width = geometry.inputSize().get(1);
    outHeight = geometry.outputSize().get(0);
    outWidth = geometry.outputSize().get(1);
    stride = geometry.window().strides().get(0);
    columnStride = geometry.window().strides().get(1);
    span = geometry.window().span(0);
    top = geometry.padBefore().get(0);
    left = geometry.padBefore().get(1);
    is3x3 =
        geometry.window().size().equals(Dims.of(3, 3))
            && geometry.window().strides().max() == 1
            && geometry.window().dilation().max() == 1;
    padded = Panels.wholeVectors(channels);
    pixel = Panels.rowStride(padded);
    downPixel = Panels.rowStride(padded * multiplier);
    firstDown = Math.floorDiv(left - geometry.window().span(1) + 1, columnStride);
    downColumns = Math.max(outWidth, (width - 1 + left) / columnStride + 1) - firstDown;
    weights = new float[multiplier * taps * padded];
    reversed = new float[multiplier * taps * padded];
    for (int tap = 0; tap < taps; tap++) {
      for (int k = 0; k < channels * multiplier; k++) {
        float weight = kernel[tap * channels * multiplier + k];
        int m = k % multiplier * taps;
        weights[(m + tap) * padded + k / multiplier] = weight;
        reversed[(m + taps - 1 - tap) * padded + k / multiplier] = weight;
      }
    }
  }

  /** The most rows of {@code of} that a window touches, and some more. */
  private int inputRows() {
    int images = tileRows / outHeight + 2;
    return tileRows * stride + images * span;
  }

  private int inputRowLength() {
    return ((outWidth - 1) * columnStride + geometry.window().span(1)) * pixel;
  }

  private int downRows() {
    return tileRows + span / stride + 2;
  }

  /** Starts range {@code index}: output rows {@code from} to {@code to}, counted over the batch. */
  Part part(int index, int from, int to) {
    Part part = new Part(from, to);
    parts[index] = part;
    return part;
  }

  /** One range of output rows; its rows must be asked for in order. */
  final class Part implements ProductBackward.Part {
    private final int from;
    private final int to;
    private final Taps list = new Taps();
    private final float[] sums = new float[wantsKernel ? multiplier * taps * padded : 0];

    /** What lies in {@link #aside}: input rows of the first image that an earlier range owns. */
    private final int asideFirst;

    private final int asideEnd;
    private float[] aside = new float[0];

    private final Ring input;
    private final Ring down;
    private int copied;
    private int finished;

    private Part(int from, int to) {
      this.from = from;
      this.to = to;
      Buffers buffers = Buffers.get();
      int rows = inputRows();
      int length = inputRowLength();
      input = new Ring(buffers.get(Buffers.Use.INPUT_ROWS, Ring.size(rows, length)), rows, length);
      rows = downRows();
      length = downColumns * downPixel;
      down = new Ring(buffers.get(Buffers.Use.DOWN_ROWS, Ring.size(rows, length)), rows, length);
      int oy = from % outHeight;
      asideFirst = oy == 0 ? 0 : Math.max(0, oy * stride - top);
      asideEnd = oy == 0 ? 0 : Math.min(endTouched(from - 1), endTouched(to - 1, from));
      int image = from / outHeight;
      finished = image * height + (oy == 0 ? 0 : Math.min(asideFirst, endTouched(from - 1)));
      if (dx != null && asideEnd > asideFirst) {
        aside = new float[(asideEnd - asideFirst) * width * channels];
      }
      copied = image * virtualHeight() + oy * stride;
    }

    /** One past the last input row of its image that output row {@code row} reads. */
    private int endTouched(int row) {
      int oy = row % outHeight;
      return Math.max(0, Math.min(height, oy * stride + span - top));
    }

    /** The same, or all rows if {@code row} belongs to a later image than {@code first}. */
    private int endTouched(int row, int first) {
      return row / outHeight > first / outHeight ? height : endTouched(row);
    }

    /** Rows of an image with the padding that is read, but for the overlap at the end. */
    private int virtualHeight() {
      return outHeight * stride + span;
    }

    /** Computes the depthwise step. */
    @Override
    public void forward(int row, int count, float[] out, int outAt, int outStep) {
      for (int r = row; r < row + count; r++) {
        copyInput(r);
        int at = outAt + (r - row) * outWidth * outStep;
        for (int m = 0; m < multiplier; m++) {
          forwardRow(r, m, out, at + m * padded, outStep);
        }
      }
    }

    private void forwardRow(int row, int m, float[] out, int outAt, int outStep) {
      if (is3x3 && outWidth >= 4) {
        TapSums.row3x3(
            input.data(),
            inputRow(row, 0),
            inputRow(row, 1),
            inputRow(row, 2),
            pixel,
            weights,
            m * taps * padded,
            padded,
            out,
            outAt,
            outStep,
            outWidth);
      } else {
        inputTaps(row, m);
        int step = columnStride * pixel;
        TapSums.row(list, input.data(), 0, step, weights, padded, out, outAt, outStep, outWidth);
      }
    }

    /** Where row {@code a} of the taps reads the input for output row {@code row}. */
    private int inputRow(int row, int a) {
      int oy = row % outHeight;
      int iy = geometry.source(0, oy, a);
      return iy < 0 || iy >= height
          ? input.zeros()
          : input.at(row / outHeight * virtualHeight() + iy + top);
    }

    private void inputTaps(int row, int m) {
      list.clear(geometry);
      int kernelWidth = geometry.window().size().get(1);
      for (int a = 0; a < geometry.window().size().get(0); a++) {
        int iy = geometry.source(0, row % outHeight, a);
        if (iy >= 0 && iy < height) {
          int at = inputRow(row, a);
          for (int b = 0; b < kernelWidth; b++) {
            int column = b * geometry.window().dilation().get(1);
            list.add(at + column * pixel, (m * taps + a * kernelWidth + b) * padded);
          }
        }
      }
    }

    /** Copies the input rows that output row {@code row} reads and that are not there yet. */
    private void copyInput(int row) {
      int image = row / outHeight;
      int first = image * virtualHeight() + row % outHeight * stride;
      copied = Math.max(copied, first);
      for (; copied < first + span; copied++) {
        int iy = copied - image * virtualHeight() - top;
        if (iy >= 0 && iy < height) {
          copyRow((image * height + iy) * width * channels, input.at(copied));
        }
      }
    }

    private void copyRow(int from, int to) {
      int columns = input.length() / pixel;
      int count = Math.min(width, columns - left);
      Arrays.fill(input.data(), to, to + left * pixel, 0);
      spread(x, from, channels, count, input.data(), to + left * pixel, pixel);
      Arrays.fill(input.data(), to + (left + count) * pixel, to + input.length(), 0);
    }

    /** Computes what is wanted from the gradient by the depthwise step. */
    @Override
    public void backward(int row, int count, float[] values, int at, int step) {
      for (int r = row; r < row + count; r++) {
        int to = down.at(r);
        int begin = to - firstDown * downPixel;
        int end = begin + outWidth * downPixel;
        Arrays.fill(down.data(), to, begin, 0);
        int depth = multiplier * padded;
        copyDown(values, at + (r - row) * outWidth * step, step, depth, outWidth, begin);
        Arrays.fill(down.data(), end, to + down.length(), 0);
        if (wantsKernel) {
          copyInput(r);
          for (int m = 0; m < multiplier; m++) {
            kernelRow(r, m, begin + m * padded);
          }
        }
      }
      if (dx != null) {
        finishRows(dx, row + count);
      }
    }

    private void copyDown(float[] values, int at, int step, int depth, int count, int to) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(values, at + i * step, down.data(), to + i * downPixel, depth);
      }
    }

    private void kernelRow(int row, int m, int downAt) {
      if (!is3x3) {
        inputTaps(row, m);
      }
      for (int i = 0; i < outWidth; i += GROUP) {
        int count = Math.min(GROUP, outWidth - i);
        int factor = downAt + i * downPixel;
        if (is3x3) {
          TapSums.products3x3(
              input.data(),
              inputRow(row, 0) + i * pixel,
              inputRow(row, 1) + i * pixel,
              inputRow(row, 2) + i * pixel,
              pixel,
              down.data(),
              factor,
              downPixel,
              count,
              padded,
              sums,
              m * taps * padded);
        } else {
          int step = columnStride * pixel;
          TapSums.products(
              list,
              input.data(),
              i * step,
              step,
              down.data(),
              factor,
              downPixel,
              count,
              padded,
              sums,
              0);
        }
      }
    }

    /** Computes the input rows to which no output row from {@code next} on sends more. */
    private void finishRows(float[] dx, int next) {
      int image = (next - 1) / outHeight;
      int oy = (next - 1) % outHeight;
      int end = height;
      if (oy < outHeight - 1) {
        end = next == to ? endTouched(next - 1) : Math.min(height, (oy + 1) * stride - top);
      }
      for (; finished < image * height + end; finished++) {
        int first = finished - from / outHeight * height;
        boolean isAside = first >= asideFirst && first < asideEnd;
        float[] out = isAside ? aside : dx;
        int outAt = (isAside ? first - asideFirst : finished) * width * channels;
        if (padded == channels) {
          inputRow(finished, out, outAt, channels);
        } else {
          float[] rowOut = Buffers.get().get(Buffers.Use.OUTPUT_ROW, width * padded);
          inputRow(finished, rowOut, 0, padded);
          for (int i = 0; i < width; i++) {
            System.arraycopy(rowOut, i * padded, out, outAt + i * channels, channels);
          }
        }
      }
    }

    private void inputRow(int row, float[] out, int outAt, int outStep) {
      int image = row / height;
      int iy = row % height;
      if (is3x3 && multiplier == 1 && width >= 4) {
        TapSums.row3x3(
            down.data(),
            downRow(image, iy, 2),
            downRow(image, iy, 1),
            downRow(image, iy, 0),
            downPixel,
            reversed,
            0,
            padded,
            out,
            outAt,
            outStep,
            width);
        return;
      }
      for (int phase = 0; phase < Math.min(columnStride, width); phase++) {
        downTaps(image, iy, phase);
        int count = (width - 1 - phase) / columnStride + 1;
        int at = outAt + phase * outStep;
        TapSums.row(
            list,
            down.data(),
            0,
            downPixel,
            weights,
            padded,
            out,
            at,
            columnStride * outStep,
            count);
      }
    }

    /** Where the gradient lies that input row {@code iy} gets through row {@code a} of the taps. */
    private int downRow(int image, int iy, int a) {
      int place = iy + top - a * geometry.window().dilation().get(0);
      int row = image * outHeight + place / stride;
      boolean exists =
          place >= 0
              && place % stride == 0
              && place / stride < outHeight
              && row >= from
              && row < to;
      return exists ? down.at(row) : down.zeros();
    }

    /** The taps through which columns phase, phase + stride, ... of an input row get something. */
    private void downTaps(int image, int iy, int phase) {
      int kernelWidth = geometry.window().size().get(1);
      list.clear(multiplier * taps);
      for (int a = 0; a < geometry.window().size().get(0); a++) {
        int at = downRow(image, iy, a);
        for (int b = 0; b < kernelWidth && at != down.zeros(); b++) {
          int place = phase + left - b * geometry.window().dilation().get(1);
          if (Math.floorMod(place, columnStride) == 0) {
            int column = Math.floorDiv(place, columnStride) - firstDown;
            for (int m = 0; m < multiplier; m++) {
              list.add(
                  at + column * downPixel + m * padded, (m * taps + a * kernelWidth + b) * padded);
            }
          }
        }
      }
    }
  }

  /** Copies {@code count} pixels; pixels of {@code to} lie {@code toStep} apart. */
  private static void spread(
      float[] from, int fromAt, int channels, int count, float[] to, int toAt, int toStep) {
    if (channels == toStep) {
      System.arraycopy(from, fromAt, to, toAt, count * channels);
    } else if (channels < Gemm.LANES) {
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < channels; c++) {
          to[toAt + i * toStep + c] = from[fromAt + i * channels + c];
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        System.arraycopy(from, fromAt + i * channels, to, toAt + i * toStep, channels);
      }
    }
  }

  /**
   * When all ranges have ended: adds what lies aside, and what the taps summed up.
   *
   * @param dKernel (kh, kw, channels, multiplier), or null
   */
  void finish(float @Nullable [] dKernel) {
    for (Part part : parts) {
      int at = (part.from / outHeight * height + part.asideFirst) * width * channels;
      for (int i = 0; dx != null && i < part.aside.length; i++) {
        dx[at + i] += part.aside[i];
      }
      for (int i = 0; dKernel != null && i < dKernel.length; i++) {
        int tap = i / (channels * multiplier);
        int k = i % (channels * multiplier);
        dKernel[i] += part.sums[(k % multiplier * taps + tap) * padded + k / multiplier];
      }
    }
  }
}
