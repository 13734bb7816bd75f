package sepal.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.check.Problem;
import sepal.initializers.Initializer;
import sepal.initializers.Ones;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** What convolutional LSTMs share, whatever their number of spatial axes: all. */
abstract class BaseConvLSTM extends Layer {
  /** The gates, in the order of the weights: input, forget, carry, output. */
  private static final int GATES = 4;

  private final ConvLSTMConfig config;
  private final SeedGenerator seeds;
  private final Object turn = new Object();
  private Weight kernel; // (k..., c, 4 * filters)
  private Weight recurrentKernel; // (k..., filters, 4 * filters)
  private @Nullable Weight bias; // (4 * filters)
  private @Nullable State kept;

  /** Memory and carry after a step. */
  private record State(Tensor memory, Tensor carry) {}

  BaseConvLSTM(ConvLSTMOptions<?> options) {
    this(options, options.config());
  }

  private BaseConvLSTM(ConvLSTMOptions<?> options, ConvLSTMConfig config) {
    super(options, config);
    this.config = config;
    this.seeds = new SeedGenerator(config.seed());
  }

  @Override
  public final ConvLSTMConfig config() {
    return config;
  }

  @Override
  public final List<SeedGenerator> seedGenerators() {
    return List.of(seeds);
  }

  /** Keras keeps the weights in a layer inside this one. */
  @Override
  final String weightScope() {
    return name() + "/conv_lstm_cell";
  }

  /**
   * Makes a stateful layer start afresh with the next call.
   *
   * @see "Keras 3.16, keras.layers.RNN.reset_state"
   */
  public final void resetState() {
    synchronized (turn) {
      kept = null;
    }
  }

  // ---- shapes

  /** The geometry of the convolution of one step. */
  private ConvGeometry geometry(Shape input) {
    int rank = config.kernelSize().rank();
    if (input.rank() != rank + 3) {
      String sizes = List.of("steps", "height, width", "depth, height, width").get(rank - 1);
      boolean last = channelAxis(rank + 3) == rank + 2;
      throw Problem.in(toString(), "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected(
              rank
                  + 3
                  + "   (batch, time, "
                  + (last ? sizes + ", channels)" : "channels, " + sizes + ")"))
          .asInvalidArgument();
    }
    return ConvGeometry.of(
        toString(), withoutTime(input), config.window(), config.dataFormat(), config.filters());
  }

  private int channelAxis(int rank) {
    return config.dataFormat().channelAxis(rank - 1) + 1;
  }

  private static Shape withoutTime(Shape sequence) {
    return sequence.slice(0, 1).concat(sequence.slice(2, sequence.rank()).toArray());
  }

  private static Shape withTime(Shape step, int time) {
    return step.slice(0, 1).concat(time).concat(step.slice(1, step.rank()).toArray());
  }

  @Override
  public final Shape computeOutputShape(Shape input) {
    Shape step = geometry(input).output();
    return config.returnSequences() ? withTime(step, input.get(1)) : step;
  }

  @Override
  public final List<Shape> computeOutputShapes(List<Shape> inputs) {
    List<Shape> first = super.computeOutputShapes(inputs);
    if (!config.returnState()) {
      return first;
    }
    Shape state = geometry(inputs.get(0)).output();
    return List.of(first.get(0), state, state);
  }

  // ---- weights

  @Override
  protected final void createWeights(Shape input) {
    ConvGeometry geometry = geometry(input);
    if (geometry.inputSize().min() < 0) {
      throw Problem.in(toString(), "the spatial sizes must be known")
          .got(input)
          .expected("a size on every axis but the batch and the time")
          .asInvalidArgument();
    }
    if (config.stateful() && !input.isKnown(0)) {
      throw Problem.in(toString(), "a stateful layer must know the number of samples")
          .got(input)
          .expected("a size on axis 0")
          .fix("give the batch size to the input of the model, or set stateful(false)")
          .asInvalidArgument();
    }
    Shape size = Shape.of(config.kernelSize().toArray());
    int filters = config.filters();
    kernel =
        addWeight(
            "kernel",
            size.concat(geometry.channels(), GATES * filters),
            config.kernelInitializer(),
            config.kernelRegularizer(),
            config.kernelConstraint(),
            true);
    recurrentKernel =
        addWeight(
            "recurrent_kernel",
            size.concat(filters, GATES * filters),
            config.recurrentInitializer(),
            config.recurrentRegularizer(),
            config.recurrentConstraint(),
            true);
    bias =
        config.useBias()
            ? addWeight(
                "bias",
                Shape.of(GATES * filters),
                firstBias(),
                config.biasRegularizer(),
                config.biasConstraint(),
                true)
            : null;
    setInputSpec(
        new InputSpec(channelAxis(input.rank()), "channels", input.with(0, Shape.UNKNOWN)));
  }

  private Initializer firstBias() {
    Initializer given = config.biasInitializer();
    Initializer first = given == null ? new Zeros() : given;
    return config.unitForgetBias() ? (shape, dtype) -> unitForget(first, shape, dtype) : first;
  }

  /** Ones for the forget gate, and what another initializer gives for the other gates. */
  private static Tensor unitForget(Initializer others, Shape shape, DType dtype) {
    int filters = shape.get(0) / GATES;
    Tensor in = others.apply(Shape.of(filters), dtype);
    Tensor forget = new Ones().apply(Shape.of(filters), dtype);
    return Ops.concatenate(List.of(in, forget, others.apply(Shape.of(2 * filters), dtype)), 0);
  }

  // ---- calls

  @Override
  protected final List<Tensor> call(List<Tensor> inputs, boolean training) {
    if (inputs.size() != 1) {
      throw Problem.in(toString(), "wrong number of inputs")
          .got(inputs.size())
          .expected("1")
          .asInvalidArgument();
    }
    Tensor x = inputs.get(0);
    ConvGeometry geometry = geometry(x.shape());
    if (x.shape().get(1) == 0) {
      throw Problem.in(toString(), "there is no step to take")
          .got("input " + x.shape())
          .expected("a time of 1 or more")
          .asInvalidArgument();
    }
    if (!config.stateful()) {
      return run(x, zeros(x, geometry), geometry, training).outputs();
    }
    synchronized (turn) {
      State first = kept == null ? zeros(x, geometry) : kept;
      if (!first.memory.shape().equals(geometry.output())) {
        throw Problem.in(toString(), "the input does not fit the state that is kept")
            .got("input " + x.shape() + ", state " + first.memory.shape())
            .expected("state " + geometry.output())
            .fix("call resetState() first")
            .asInvalidArgument();
      }
      Sequence done = run(x, first, geometry, training);
      kept = done.last();
      return done.outputs();
    }
  }

  private static State zeros(Tensor x, ConvGeometry geometry) {
    Tensor zeros = Tensor.zeros(x.dtype(), geometry.output());
    return new State(zeros, zeros);
  }

  private record Sequence(List<Tensor> outputs, State last) {}

  private Sequence run(Tensor x, State first, ConvGeometry geometry, boolean training) {
    int time = x.shape().get(1);
    Tensor projected = project(x, geometry, training);
    List<Tensor> masks = masks(first.memory, config.recurrentDropout(), training);
    State state = first;
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < time; i++) {
      int at = config.goBackwards() ? time - 1 - i : i;
      Tensor step = Ops.slice(projected, 1, at, at + 1);
      state = next(Ops.reshape(step, withoutTime(step.shape())), state, masks);
      if (config.returnSequences()) {
        outputs.add(Ops.reshape(state.memory, withTime(state.memory.shape(), 1)));
      }
    }
    Tensor output = config.returnSequences() ? Ops.concatenate(outputs, 1) : state.memory;
    return new Sequence(
        config.returnState() ? List.of(output, state.memory, state.carry) : List.of(output), state);
  }

  /** What the inputs of all steps give to all gates, before the memory comes in. */
  private Tensor project(Tensor x, ConvGeometry geometry, boolean training) {
    Shape step = withoutTime(x.shape());
    Shape together = step.with(0, step.get(0) * x.shape().get(1));
    Tensor ones = Tensor.full(x.dtype(), step, 1);
    List<Tensor> masked =
        masks(ones, config.dropout(), training).stream()
            .map(mask -> Ops.multiply(x, Ops.reshape(mask, withTime(step, 1))))
            .map(gate -> Ops.reshape(gate, together))
            .toList();
    Tensor y =
        convolve(
            Ops.reshape(x, together),
            masked,
            kernel.value(),
            bias == null ? null : bias.value(),
            config.window());
    Shape output = geometry.output();
    int channels = config.dataFormat().channelAxis(output.rank());
    return Ops.reshape(
        y, withTime(output.with(channels, GATES * config.filters()), x.shape().get(1)));
  }

  private State next(Tensor projected, State before, List<Tensor> masks) {
    Window window =
        new Window(
            config.kernelSize(),
            Dims.fill(config.kernelSize().rank(), 1),
            Dims.fill(config.kernelSize().rank(), 1),
            Padding.SAME);
    List<Tensor> masked = masks.stream().map(mask -> Ops.multiply(before.memory, mask)).toList();
    Tensor all =
        Ops.add(projected, convolve(before.memory, masked, recurrentKernel.value(), null, window));
    int channels = config.dataFormat().channelAxis(all.shape().rank());
    Tensor in = config.recurrentActivation().apply(gate(all, channels, 0));
    Tensor forget = config.recurrentActivation().apply(gate(all, channels, 1));
    Tensor fresh = config.activation().apply(gate(all, channels, 2));
    Tensor out = config.recurrentActivation().apply(gate(all, channels, 3));
    Tensor carry = Ops.add(Ops.multiply(forget, before.carry), Ops.multiply(in, fresh));
    return new State(Ops.multiply(out, config.activation().apply(carry)), carry);
  }

  /**
   * The convolution of {@code x} for all gates at once, or of an input of its own for each gate.
   *
   * @param masked one input for each gate, or none
   */
  private Tensor convolve(
      Tensor x, List<Tensor> masked, Tensor weights, @Nullable Tensor biases, Window window) {
    if (masked.isEmpty()) {
      return convolve(x, weights, biases, window);
    }
    int channels = config.dataFormat().channelAxis(x.shape().rank());
    List<Tensor> gates = new ArrayList<>();
    for (int i = 0; i < GATES; i++) {
      Tensor part = biases == null ? null : gate(biases, 0, i);
      gates.add(
          convolve(masked.get(i), gate(weights, weights.shape().rank() - 1, i), part, window));
    }
    return Ops.concatenate(gates, channels);
  }

  private Tensor convolve(Tensor x, Tensor weights, @Nullable Tensor biases, Window window) {
    ConvGeometry geometry =
        ConvGeometry.of(
            toString(), x.shape(), window, config.dataFormat(), weights.shape().get(-1));
    return Ops.conv(x, weights, biases, Activations.LINEAR, 1, geometry);
  }

  /** The part of a gate along an axis. */
  private Tensor gate(Tensor all, int axis, int index) {
    int filters = config.filters();
    return Ops.slice(all, axis, index * filters, (index + 1) * filters);
  }

  /** A mask for each gate, the same in all steps; none where nothing is to be dropped. */
  private List<Tensor> masks(Tensor like, double rate, boolean training) {
    if (!training || rate == 0 || rate == 1) {
      return List.of();
    }
    Tensor ones = Tensor.full(like.dtype(), like.shape(), 1);
    return IntStream.range(0, GATES)
        .mapToObj(
            gate -> {
              SeedGenerator.State draw = seeds.next();
              return Ops.dropout(ones, rate, ones.shape(), draw.seed(), draw.draws());
            })
        .toList();
  }
}
