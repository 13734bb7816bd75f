package sepal.kernels;

import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;

/**
 * The depthwise step of channels_last, forwards and backwards, over ranges of output rows. Rows of
 * the input and of the gradient that comes down are copied into rings with zeros around them, so
 * that no loop has to know of edges; channels are filled up to whole vectors. What these lanes hold
 * is never looked at.
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

  /** The strides of a window of 3 x 3 neighbours that has loops of its own, or 0. */
  private final int stride3x3;

  /** Channels filled up to whole vectors. */
  final int padded;

  private final int vectors;
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
    stride3x3 =
        geometry.window().size().equals(Dims.of(3, 3))
                && geometry.window().dilation().max() == 1
                && stride == columnStride
                && stride <= 2
            ? stride
            : 0;
    padded = Panels.wholeVectors(channels);
    vectors = padded / Gemm.LANES;
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

  private int inputColumns() {
    return (outWidth - 1) * columnStride + geometry.window().span(1);
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
      input = Ring.of(Buffers.Use.INPUT_ROWS, inputRows(), inputColumns(), vectors);
      down = Ring.of(Buffers.Use.DOWN_ROWS, downRows(), downColumns, multiplier * vectors);
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
      float[] values = input.data();
      int plane = input.plane();
      if (stride3x3 == 0) {
        inputTaps(row, m);
        int step = columnStride * Gemm.LANES;
        TapSums.row(list, values, 0, plane, step, weights, padded, out, outAt, outStep, outWidth);
        return;
      }
      int at0 = inputRow(row, 0);
      int at1 = inputRow(row, 1);
      int at2 = inputRow(row, 2);
      for (int c = 0; c < padded; c += Gemm.LANES) {
        int w = m * taps * padded + c;
        int to = outAt + c;
        if (stride3x3 == 1) {
          Window3x3.sums(values, at0, at1, at2, weights, w, padded, out, to, outStep, outWidth);
        } else {
          Window3x3.sumsByTwo(
              values, at0, at1, at2, weights, w, padded, out, to, outStep, outWidth);
        }
        at0 += plane;
        at1 += plane;
        at2 += plane;
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
            list.add(at + column * Gemm.LANES, (m * taps + a * kernelWidth + b) * padded);
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
          int at = (image * height + iy) * width * channels;
          input.put(copied, x, at, channels, left, Math.min(width, input.columns() - left));
        }
      }
    }

    /** Computes what is wanted from the gradient by the depthwise step. */
    @Override
    public void backward(int row, int count, float[] values, int at, int step) {
      for (int r = row; r < row + count; r++) {
        down.put(r, values, at + (r - row) * outWidth * step, step, -firstDown, outWidth);
        if (wantsKernel) {
          copyInput(r);
          for (int m = 0; m < multiplier; m++) {
            if (stride3x3 == 0) {
              kernelRow(r, m);
            } else {
              kernelRow3x3(r, m);
            }
          }
        }
      }
      if (dx != null) {
        finishRows(dx, row + count);
      }
    }

    private void kernelRow(int row, int m) {
      float[] values = input.data();
      int factor = down.at(row) - firstDown * Gemm.LANES + m * vectors * down.plane();
      inputTaps(row, m);
      int step = columnStride * Gemm.LANES;
      for (int v = 0; v < vectors; v++) {
        for (int i = 0; i < outWidth; i += GROUP) {
          int count = Math.min(GROUP, outWidth - i);
          int at = v * input.plane() + i * step;
          int f = factor + i * Gemm.LANES;
          TapSums.products(list, values, at, step, down.data(), f, count, sums, v * Gemm.LANES);
        }
        factor += down.plane();
      }
    }

    private void kernelRow3x3(int row, int m) {
      float[] values = input.data();
      float[] factors = down.data();
      int factor = down.at(row) - firstDown * Gemm.LANES + m * vectors * down.plane();
      int row0 = inputRow(row, 0);
      int row1 = inputRow(row, 1);
      int row2 = inputRow(row, 2);
      for (int v = 0; v < vectors; v++) {
        int sum = m * taps * padded + v * Gemm.LANES;
        for (int i = 0; i < outWidth; i += GROUP) {
          int count = Math.min(GROUP, outWidth - i);
          int at = v * input.plane() + i * stride3x3 * Gemm.LANES;
          int at0 = row0 + at;
          int at1 = row1 + at;
          int at2 = row2 + at;
          int f = factor + i * Gemm.LANES;
          if (stride3x3 == 1) {
            Window3x3.products(values, at0, at1, at2, factors, f, count, sums, sum, padded);
          } else {
            Window3x3.productsByTwo(values, at0, at1, at2, factors, f, count, sums, sum, padded);
          }
        }
        factor += down.plane();
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
        LineMemory memory = Buffers.get().lines(Buffers.Use.OUTPUT_ROW, width * padded);
        float[] values = memory.data();
        int at = memory.start();
        inputRow(finished, values, at, padded);
        if (padded == channels) {
          System.arraycopy(values, at, out, outAt, width * channels);
        } else {
          for (int i = 0; i < width; i++) {
            System.arraycopy(values, at + i * padded, out, outAt + i * channels, channels);
          }
        }
      }
    }

    private void inputRow(int row, float[] out, int outAt, int outStep) {
      int image = row / height;
      int iy = row % height;
      if (stride3x3 == 1 && multiplier == 1) {
        inputRow3x3(image, iy, out, outAt, outStep);
        return;
      }
      for (int phase = 0; phase < Math.min(columnStride, width); phase++) {
        int count = (width - 1 - phase) / columnStride + 1;
        int at = outAt + phase * outStep;
        int step = columnStride * outStep;
        if (stride3x3 == 2 && multiplier == 1) {
          inputPhase3x3(image, iy, phase, out, at, step, count);
        } else {
          downTaps(image, iy, phase);
          float[] values = down.data();
          int plane = down.plane();
          TapSums.row(list, values, 0, plane, Gemm.LANES, weights, padded, out, at, step, count);
        }
      }
    }

    private void inputRow3x3(int image, int iy, float[] out, int outAt, int outStep) {
      int at0 = downRow(image, iy, 2);
      int at1 = downRow(image, iy, 1);
      int at2 = downRow(image, iy, 0);
      for (int c = 0; c < padded; c += Gemm.LANES) {
        Window3x3.sums(
            down.data(), at0, at1, at2, reversed, c, padded, out, outAt + c, outStep, width);
        at0 += down.plane();
        at1 += down.plane();
        at2 += down.plane();
      }
    }

    /** Columns phase, phase + 2, ... of an input row, which one or two taps of a row reach. */
    private void inputPhase3x3(
        int image, int iy, int phase, float[] out, int outAt, int outStep, int count) {
      boolean twoRows = (iy + top) % 2 == 0;
      boolean twoColumns = (phase + left) % 2 == 0;
      int column = (Math.floorDiv(phase + left - 1, 2) - firstDown) * Gemm.LANES;
      int at0 = downRow(image, iy, twoRows ? 2 : 1) + column;
      int at1 = (twoRows ? downRow(image, iy, 0) : down.zeros()) + column;
      int w0 = (twoRows ? 6 : 3) * padded;
      float[] values = down.data();
      for (int c = 0; c < padded; c += Gemm.LANES) {
        int to = outAt + c;
        if (twoColumns) {
          Window3x3.pairs(values, at0, at1, weights, w0 + c, c, padded, out, to, outStep, count);
        } else {
          Window3x3.singles(values, at0, at1, weights, w0 + c, c, padded, out, to, outStep, count);
        }
        at0 += down.plane();
        at1 += down.plane();
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
                  at + column * Gemm.LANES + m * vectors * down.plane(),
                  (m * taps + a * kernelWidth + b) * padded);
            }
          }
        }
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
      for (int i = 0; dKernel != null && i < multiplier * taps; i++) {
        int to = i % taps * channels * multiplier + i / taps;
        add(part.sums, i * padded, dKernel, to, multiplier, channels);
      }
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int step, int count) {
    if (step == 1) {
      for (int i = 0; i < count; i++) {
        to[toAt + i] += from[fromAt + i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toAt + i * step] += from[fromAt + i];
    }
  }
}
