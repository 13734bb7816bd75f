package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Ones;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Brings the values of each group of channels of each sample to mean 0 and variance 1, then scales
 * and shifts each channel by a learned {@code gamma} and {@code beta}. Training and prediction are
 * the same.
 *
 * <p>Input and output have the same shape, of two axes or more. Neighbouring channels form a group;
 * as many groups as channels are known as instance normalization. Weights, each of the number of
 * channels: {@code gamma}, {@code beta}.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 1, 4);
 * Layer layer = new GroupNormalization(2, o -> o.epsilon(0));
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 4) [-1.0, 1.0, -1.0, 1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.GroupNormalization"
 */
public final class GroupNormalization extends Layer {
  private final Config config;
  private @Nullable Weight gamma; // (channels)
  private @Nullable Weight beta; // (channels)

  /** With 32 groups. */
  public GroupNormalization() {
    this(options -> {});
  }

  /**
   * @param groups a number that divides the channels, or -1 for as many groups as channels
   * @throws IllegalArgumentException if it is neither -1 nor positive
   */
  public GroupNormalization(int groups) {
    this(groups, options -> {});
  }

  /**
   * @param groups a number that divides the channels, or -1 for as many groups as channels
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GroupNormalization(int groups, Consumer<Options> options) {
    this(
        given -> {
          given.groups = groups;
          options.accept(given);
        });
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public GroupNormalization(Consumer<Options> options) {
    this(new Options(options));
  }

  GroupNormalization(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private GroupNormalization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int groups,
      int axis,
      double epsilon,
      boolean center,
      boolean scale,
      @Nullable Initializer betaInitializer,
      @Nullable Initializer gammaInitializer,
      @Nullable Regularizer betaRegularizer,
      @Nullable Regularizer gammaRegularizer,
      @Nullable Constraint betaConstraint,
      @Nullable Constraint gammaConstraint)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(
          v.next(),
          v.flag(),
          v.next(),
          v.integer(),
          v.integer(),
          v.number(),
          v.flag(),
          v.flag(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      if (groups < 1 && groups != -1) {
        throw Problem.in(
                LayerOptions.where("GroupNormalization", name), "groups must be positive, or -1")
            .got("groups=" + groups)
            .expected("1 or more, or -1 for as many groups as channels")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    int groups = 32;
    int axis = -1;
    double epsilon = 0.001;
    boolean center = true;
    boolean scale = true;
    @Nullable Object betaInitializer = "zeros";
    @Nullable Object gammaInitializer = "ones";
    @Nullable Object betaRegularizer;
    @Nullable Object gammaRegularizer;
    @Nullable Object betaConstraint;
    @Nullable Object gammaConstraint;

    Options() {
      super("GroupNormalization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** A number that divides the channels, 32 by default; -1 for as many groups as channels. */
    public Options groups(int groups) {
      this.groups = groups;
      return this;
    }

    /** The axis of the channels, the last by default; negative ones count from the end. */
    public Options axis(int axis) {
      this.axis = axis;
      return this;
    }

    /** Added to the variance before its root is taken; 0.001 by default. */
    public Options epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /** Whether there is a {@code beta}; true by default. */
    public Options center(boolean center) {
      this.center = center;
      return this;
    }

    /** Whether there is a {@code gamma}; true by default. */
    public Options scale(boolean scale) {
      this.scale = scale;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for zeros. */
    public Options betaInitializer(@Nullable Object initializer) {
      this.betaInitializer = initializer;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for ones. */
    public Options gammaInitializer(@Nullable Object initializer) {
      this.gammaInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options betaRegularizer(@Nullable Object regularizer) {
      this.betaRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options gammaRegularizer(@Nullable Object regularizer) {
      this.gammaRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options betaConstraint(@Nullable Object constraint) {
      this.betaConstraint = constraint;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options gammaConstraint(@Nullable Object constraint) {
      this.gammaConstraint = constraint;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  /** As Keras writes it: a layer that is built names the number of its groups. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = super.getConfig();
    InputSpec spec = inputSpec();
    if (spec != null) {
      map.put("groups", groups(spec.builtOn().get(spec.axis())));
    }
    return map;
  }

  @Override
  protected void createWeights(Shape input) {
    int axis = channelAxis(input);
    if (!input.isKnown(axis)) {
      throw Problem.in(toString(), "the number of input channels must be known")
          .got(input)
          .expected("a size on axis " + axis)
          .asInvalidArgument();
    }
    Shape channels = Shape.of(input.get(axis));
    gamma =
        config.scale()
            ? addWeight(
                "gamma",
                channels,
                Objects.requireNonNullElseGet(config.gammaInitializer(), Ones::new),
                config.gammaRegularizer(),
                config.gammaConstraint(),
                true)
            : null;
    beta =
        config.center()
            ? addWeight(
                "beta",
                channels,
                Objects.requireNonNullElseGet(config.betaInitializer(), Zeros::new),
                config.betaRegularizer(),
                config.betaConstraint(),
                true)
            : null;
    setInputSpec(new InputSpec(axis, "channels", input));
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    channelAxis(input);
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape input = x.shape();
    int rank = input.rank();
    int axis = channelAxis(input);
    int groups = groups(input.get(axis));
    Shape split =
        input
            .slice(0, axis)
            .concat(groups, input.get(axis) / groups)
            .concat(input.slice(axis + 1, rank).toArray());
    List<Integer> group = IntStream.rangeClosed(1, rank).filter(a -> a != axis).boxed().toList();
    Tensor y =
        Ops.layerNormalization(Ops.reshape(x, split), null, null, group, config.epsilon(), true);
    y = Ops.reshape(y, input);
    int[] channels = new int[rank];
    Arrays.fill(channels, 1);
    channels[axis] = input.get(axis);
    if (gamma != null) {
      y = Ops.multiply(y, Ops.reshape(gamma.value(), Shape.of(channels)));
    }
    return beta == null ? y : Ops.add(y, Ops.reshape(beta.value(), Shape.of(channels)));
  }

  private int groups(int channels) {
    return config.groups() == -1 ? Math.max(1, channels) : config.groups();
  }

  /** The axis of the channels, counted from the front. */
  private int channelAxis(Shape input) {
    InputSpec spec = inputSpec();
    if (spec != null) {
      InputSpec.checkRank(toString(), input, spec.builtOn().rank(), "built on " + spec.builtOn());
    }
    int axis = config.axis() < 0 ? config.axis() + input.rank() : config.axis();
    if (axis < 1 || axis >= input.rank()) {
      throw Problem.in(toString(), "a sample of the input has no such axis")
          .got("axis=" + config.axis() + "   (input " + input + ")")
          .expected("the axis of the channels; axis 0 is the batch")
          .asInvalidArgument();
    }
    if (input.isKnown(axis) && input.get(axis) % groups(input.get(axis)) != 0) {
      throw Problem.in(toString(), "the channels do not split evenly into groups")
          .got(
              input.get(axis) + " channels, groups=" + config.groups() + "   (input " + input + ")")
          .expected("a number of groups that divides the channels")
          .asInvalidArgument();
    }
    return axis;
  }
}
