package sepal.shape;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * Everything about the shapes of one convolution or pooling: the only place that computes padding,
 * strides and output sizes. An input size that is unknown gives an output size that is unknown.
 *
 * <p>Axis arguments count spatial axes: 0 is the height and 1 the width in two dimensions.
 *
 * @param batch images, or {@link Shape#UNKNOWN}
 * @param inputSize spatial sizes of the input, {@link Shape#UNKNOWN} where not known
 * @param channels channels of the input
 * @param outputSize spatial sizes of the output, {@link Shape#UNKNOWN} where not known
 * @param filters channels of the output
 * @param window the sliding window
 * @param padBefore zeros before the input on each spatial axis; 0 where the size is unknown
 * @param dataFormat layout of input and output
 */
public record ConvGeometry(
    int batch,
    Dims inputSize,
    int channels,
    Dims outputSize,
    int filters,
    Window window,
    Dims padBefore,
    DataFormat dataFormat) {

  /**
   * The geometry of {@code window} over {@code input}.
   *
   * @param where who asks, for the error message
   * @param input shape of the input, of rank {@code window.rank() + 2}
   * @param window the sliding window
   * @param dataFormat layout of input and output
   * @param filters channels of the output
   * @throws IllegalArgumentException if the rank is wrong, the channels are unknown, or an output
   *     size would be below 1 though the input has data
   * @see "Keras 3.16, keras.src.ops.operation_utils.compute_conv_output_shape"
   */
  public static ConvGeometry of(
      String where, Shape input, Window window, DataFormat dataFormat, int filters) {
    int rank = window.rank();
    int channels = channels(where, input, rank, dataFormat);
    int[] in = new int[rank];
    int[] out = new int[rank];
    int[] before = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      in[axis] = input.get(dataFormat.firstSpatialAxis() + axis);
      if (in[axis] == Shape.UNKNOWN) {
        out[axis] = Shape.UNKNOWN;
        continue;
      }
      int stride = window.strides().get(axis);
      int span = window.span(axis);
      if (window.padding() == Padding.SAME) {
        out[axis] = (in[axis] + stride - 1) / stride;
        before[axis] = Math.max((out[axis] - 1) * stride + span - in[axis], 0) / 2;
      } else if (window.padding() == Padding.CAUSAL) {
        out[axis] = (in[axis] + stride - 1) / stride;
        before[axis] = span - 1;
      } else {
        out[axis] = Math.floorDiv(in[axis] - span, stride) + 1;
        if (out[axis] < 1) {
          throw tooSmall(where, input, window, dataFormat);
        }
      }
    }
    return new ConvGeometry(
        input.get(0),
        Dims.of(in),
        channels,
        Dims.of(out),
        filters,
        window,
        Dims.of(before),
        dataFormat);
  }

  /**
   * The geometry of the convolution that a transposed convolution runs backwards, from its output
   * to its input: {@link #output} has the shape of {@code input}, and {@link #input} is the shape
   * of what the transposed convolution gives.
   *
   * @param where who asks, for the error message
   * @param input shape of the input of the transposed convolution, of rank {@code window.rank() +
   *     2}
   * @param window the sliding window
   * @param outputPadding for each spatial axis what the output is longer than it need be; null for
   *     the length that the padding suggests
   * @param dataFormat layout of input and output
   * @param filters channels that the transposed convolution gives
   * @throws IllegalArgumentException if the rank is wrong, the channels are unknown, or the output
   *     would be empty
   * @see "Keras 3.16, keras.src.backend.common.backend_utils"
   */
  public static ConvGeometry transposed(
      String where,
      Shape input,
      Window window,
      @Nullable Dims outputPadding,
      DataFormat dataFormat,
      int filters) {
    int rank = window.rank();
    int channels = channels(where, input, rank, dataFormat);
    int[] in = new int[rank];
    int[] out = new int[rank];
    int[] cut = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      in[axis] = input.get(dataFormat.firstSpatialAxis() + axis);
      out[axis] = Shape.UNKNOWN;
      int span = window.span(axis);
      int stride = window.strides().get(axis);
      int more = outputPadding == null ? 0 : outputPadding.get(axis);
      boolean same = window.padding() == Padding.SAME;
      if (in[axis] != Shape.UNKNOWN) {
        int rest;
        if (outputPadding == null) {
          rest = same ? stride : Math.max(span, stride);
        } else {
          rest = more + (same ? span % 2 : span);
        }
        out[axis] =
            in[axis] == 0 ? 0 : Math.addExact(Math.multiplyExact(in[axis] - 1, stride), rest);
        if (in[axis] > 0 && out[axis] < 1) {
          throw Problem.in(where, "the output would be empty")
              .got("input " + input + ", " + dataFormat + ", outputPadding=" + outputPadding)
              .expected("an outputPadding of 1 or more, or null, on spatial axis " + axis)
              .asInvalidArgument();
        }
      }
      if (same) {
        int both = span + span % 2 - 2 + more;
        cut[axis] =
            outputPadding == null
                ? Math.max(span - stride, 0) / 2
                : span - 1 - Math.min((both + 1) / 2, span - 1);
      }
    }
    return new ConvGeometry(
        input.get(0),
        Dims.of(out),
        filters,
        Dims.of(in),
        channels,
        window,
        Dims.of(cut),
        dataFormat);
  }

  /** The channels of an input of the right rank. */
  private static int channels(String where, Shape input, int rank, DataFormat dataFormat) {
    if (input.rank() != rank + 2) {
      throw Problem.in(where, "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected(rank + 2 + "   " + layout(rank, dataFormat))
          .asInvalidArgument();
    }
    int channels = input.get(dataFormat.channelAxis(input.rank()));
    if (channels == Shape.UNKNOWN) {
      throw Problem.in(where, "the number of input channels must be known")
          .got(input)
          .expected("a size on axis " + dataFormat.channelAxis(input.rank()))
          .asInvalidArgument();
    }
    return channels;
  }

  /** The shape of the input. */
  public Shape input() {
    return shape(inputSize, channels);
  }

  /** The shape of the output. */
  public Shape output() {
    return shape(outputSize, filters);
  }

  /**
   * The index of the input that tap {@code tap} of output {@code output} reads on {@code axis}; it
   * lies outside the input where the tap lies on padding.
   */
  public int source(int axis, int output, int tap) {
    return output * window.strides().get(axis)
        + tap * window.dilation().get(axis)
        - padBefore.get(axis);
  }

  /** The same geometry for another number of output channels. */
  public ConvGeometry withFilters(int filters) {
    return new ConvGeometry(
        batch, inputSize, channels, outputSize, filters, window, padBefore, dataFormat);
  }

  /** The same geometry for another number of images. */
  public ConvGeometry withBatch(int batch) {
    return new ConvGeometry(
        batch, inputSize, channels, outputSize, filters, window, padBefore, dataFormat);
  }

  /**
   * In two dimensions, rows {@code from} to {@code to} of the outputs alone, and the inputs that
   * they read, from {@link #firstRow} on.
   */
  public ConvGeometry rows(int from, int to) {
    int end = source(0, to - 1, 0) + window.span(0);
    int height = Math.max(0, Math.min(inputSize.get(0), end) - firstRow(from));
    return new ConvGeometry(
        batch,
        Dims.of(height, inputSize.get(1)),
        channels,
        Dims.of(to - from, outputSize.get(1)),
        filters,
        window,
        Dims.of(firstRow(from) - source(0, from, 0), padBefore.get(1)),
        dataFormat);
  }

  /** The first row of the input that row {@code output} of the outputs reads. */
  public int firstRow(int output) {
    return Math.max(0, source(0, output, 0));
  }

  /** The same geometry in another layout. */
  public ConvGeometry with(DataFormat dataFormat) {
    return new ConvGeometry(
        batch, inputSize, channels, outputSize, filters, window, padBefore, dataFormat);
  }

  /**
   * The same in two dimensions: what has one spatial axis gets a height of one. Numbers and their
   * order in memory stay as they are.
   */
  public ConvGeometry planar() {
    return window.rank() != 1
        ? this
        : new ConvGeometry(
            batch,
            Dims.of(1, inputSize.get(0)),
            channels,
            Dims.of(1, outputSize.get(0)),
            filters,
            new Window(
                Dims.of(1, window.size().get(0)),
                Dims.of(1, window.strides().get(0)),
                Dims.of(1, window.dilation().get(0)),
                window.padding()),
            Dims.of(0, padBefore.get(0)),
            dataFormat);
  }

  /**
   * The same outputs from inputs that lack these margins of zeros: the window finds padding in
   * their place.
   */
  public ConvGeometry without(Margins margins) {
    int[] size = inputSize.toArray();
    int[] pad = padBefore.toArray();
    for (int axis = 0; axis < size.length; axis++) {
      size[axis] -= margins.before().get(axis) + margins.after().get(axis);
      pad[axis] += margins.before().get(axis);
    }
    return new ConvGeometry(
        batch, Dims.of(size), channels, outputSize, filters, window, Dims.of(pad), dataFormat);
  }

  private Shape shape(Dims spatial, int channels) {
    int rank = spatial.rank();
    int[] dims = new int[rank + 2];
    dims[0] = batch;
    dims[dataFormat.channelAxis(rank + 2)] = channels;
    for (int axis = 0; axis < rank; axis++) {
      dims[dataFormat.firstSpatialAxis() + axis] = spatial.get(axis);
    }
    return Shape.of(dims);
  }

  private static String layout(int rank, DataFormat dataFormat) {
    String spatial = rank == 1 ? "steps" : rank == 2 ? "height, width" : "depth, height, width";
    return dataFormat == DataFormat.CHANNELS_LAST
        ? "(batch, " + spatial + ", channels)"
        : "(batch, channels, " + spatial + ")";
  }

  private static RuntimeException tooSmall(
      String where, Shape input, Window window, DataFormat dataFormat) {
    int[] spans = new int[window.rank()];
    for (int axis = 0; axis < spans.length; axis++) {
      spans[axis] = window.span(axis);
    }
    return Problem.in(where, "the input is smaller than the window, so the output would be empty")
        .got("input " + input + ", " + dataFormat)
        .expected(
            "spatial sizes of at least "
                + Dims.of(spans)
                + "   (window "
                + window.size()
                + ", dilation "
                + window.dilation()
                + ")")
        .fix("feed a larger input, or use padding \"same\"")
        .asInvalidArgument();
  }
}
