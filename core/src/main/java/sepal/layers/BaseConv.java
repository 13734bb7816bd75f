package sepal.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/** What convolution layers share: a window, a data format, and the number of channels. */
abstract class BaseConv extends Layer {
  private final Window window;
  private final DataFormat dataFormat;

  BaseConv(ConvOptions<?> options, ConvArguments arguments) {
    super(options, arguments);
    this.window = arguments.window();
    this.dataFormat = arguments.dataFormat();
  }

  /** The number of output channels for an input of {@code channels}. */
  abstract int outputChannels(int channels);

  /** The one place that this layer asks for shapes. */
  final ConvGeometry geometry(Shape input) {
    ConvGeometry geometry = ConvGeometry.of(toString(), input, window, dataFormat, 0);
    return geometry.withFilters(outputChannels(geometry.channels()));
  }

  @Override
  protected final void createWeights(Shape input) {
    ConvGeometry geometry = geometry(input);
    createWeights(geometry);
    setInputSpec(
        new InputSpec(
            dataFormat.channelAxis(input.rank()), "channels", input.with(0, Shape.UNKNOWN)));
  }

  abstract void createWeights(ConvGeometry geometry);

  /** The bias, which starts at zero where no initializer is given. */
  final Weight addBias(
      int size,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      @Nullable Constraint constraint) {
    Initializer first = initializer == null ? new Zeros() : initializer;
    return addWeight("bias", Shape.of(size), first, regularizer, constraint, true);
  }

  @Override
  public final Shape computeOutputShape(Shape input) {
    return geometry(input).output();
  }

  /**
   * A plain convolution of {@code inputs} with any kernel, by the strides, the padding, the
   * dilation and the data format of this layer; without bias and activation.
   *
   * @param inputs as this layer takes them
   * @param kernel (k..., c / groups, filters) with a size for each spatial axis, of the inputs'
   *     dtype; any number of groups
   * @return shape (n, size..., filters), or (n, filters, size...)
   * @throws IllegalArgumentException if the kernel does not fit the inputs
   * @see "TensorFlow 2.9, tf.keras.layers.Conv2D.convolution_op"
   */
  public final Tensor convolutionOp(Tensor inputs, Tensor kernel) {
    Shape shape = kernel.shape();
    int rank = window.rank();
    if (shape.rank() != rank + 2 || shape.size() == 0) {
      throw doesNotFit(inputs, kernel);
    }
    Dims size = Dims.of(shape.slice(0, rank).toArray());
    Window sized = new Window(size, window.strides(), window.dilation(), window.padding());
    ConvGeometry geometry =
        ConvGeometry.of(toString(), inputs.shape(), sized, dataFormat, shape.get(-1));
    int groups = geometry.channels() / shape.get(rank);
    if (groups * shape.get(rank) != geometry.channels()
        || groups == 0
        || geometry.filters() % groups != 0) {
      throw doesNotFit(inputs, kernel);
    }
    return Ops.conv(inputs, kernel, null, Activations.LINEAR, groups, geometry);
  }

  private InvalidArgument doesNotFit(Tensor inputs, Tensor kernel) {
    return Problem.in(toString(), "the kernel does not fit the inputs")
        .got("kernel " + kernel.shape() + ", input " + inputs.shape() + ", " + dataFormat)
        .expected(
            "kernel ("
                + List.of("steps", "height, width", "depth, height, width").get(window.rank() - 1)
                + ", channels / groups, filters)")
        .asInvalidArgument();
  }

  /** One positive value for each spatial axis. */
  static void checkDims(String where, String argument, int rank, Dims values) {
    if (values == null || values.rank() != rank || values.min() < 1) {
      String several = rank == 1 ? "" : " or " + rank + " positive integers";
      throw Problem.in(where, argument + " must be a positive integer" + several)
          .got(argument + "=" + values)
          .expected(
              rank == 1
                  ? "1 or more"
                  : rank + " values of 1 or more, for example " + Dims.fill(rank, 3))
          .asInvalidArgument();
    }
  }
}
