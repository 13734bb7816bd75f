package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Ones;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.AxisGroups;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Brings the values along some axes of each sample to mean 0 and variance 1, then scales and shifts
 * each place along these axes by a learned {@code gamma} and {@code beta}. Training and prediction
 * are the same.
 *
 * <p>Input and output have the same shape, of any rank. Weights, each of the sizes of the axes:
 * {@code gamma}, {@code beta}. With {@code rmsScaling} the values are divided by their standard
 * deviation and multiplied by {@code gamma}, the mean stays, and there is no {@code beta}.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 3, 10, 30}, 2, 2);
 * Layer layer = new LayerNormalization(o -> o.epsilon(0));
 * System.out.println(layer.apply(x)); // Tensor(float32(2, 2) [-1.0, 1.0, -1.0, 1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.LayerNormalization"
 */
public final class LayerNormalization extends Layer {
  private final Config config;
  private @Nullable Weight gamma; // (sizes of the axes)
  private @Nullable Weight beta; // (sizes of the axes)

  /** With Keras' defaults. */
  public LayerNormalization() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public LayerNormalization(Consumer<Options> options) {
    this(new Options(options));
  }

  LayerNormalization(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private LayerNormalization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param axis an integer, or a list of integers
   */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Object axis,
      double epsilon,
      boolean center,
      boolean scale,
      boolean rmsScaling,
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
          v.next(),
          v.number(),
          v.flag(),
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
      if (axis instanceof List<?> axes && axes.isEmpty()) {
        throw Problem.in(LayerOptions.where("LayerNormalization", name), "there is no axis")
            .got("axis=[]")
            .expected("an integer, or one or more integers")
            .asInvalidArgument();
      }
    }

    /** The axes to normalize along; negative ones count from the end. */
    public List<Integer> axes() {
      return sepal.config.Config.asIntegers("LayerNormalization", "axis", axis);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object axis = -1;
    double epsilon = 0.001;
    boolean center = true;
    boolean scale = true;
    boolean rmsScaling;
    @Nullable Object betaInitializer = "zeros";
    @Nullable Object gammaInitializer = "ones";
    @Nullable Object betaRegularizer;
    @Nullable Object gammaRegularizer;
    @Nullable Object betaConstraint;
    @Nullable Object gammaConstraint;

    Options() {
      super("LayerNormalization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The axes to normalize along; negative numbers count from the end; -1 by default. */
    public Options axis(int... axis) {
      this.axis = axis.length == 1 ? (Object) axis[0] : Arrays.stream(axis).boxed().toList();
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

    /**
     * Whether the mean stays as it is; false by default. With it there is always a {@code gamma}
     * and never a {@code beta}, whatever {@link #center} and {@link #scale} say.
     */
    public Options rmsScaling(boolean rmsScaling) {
      this.rmsScaling = rmsScaling;
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

    Options resolve() {
      if (axis == null || axis instanceof Number) {
        axis = sepal.config.Config.asInteger(where(), "axis", axis == null ? -1 : axis);
      } else {
        axis = sepal.config.Config.asIntegers(where(), "axis", axis);
      }
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  /** As Keras writes it: a layer that is built names its axes from the front. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = super.getConfig();
    InputSpec spec = inputSpec();
    if (spec != null) {
      map.put("axis", axes(spec.builtOn()));
    }
    return map;
  }

  @Override
  protected void createWeights(Shape input) {
    List<Integer> axes = axes(input);
    Shape sizes = Shape.of(axes.stream().mapToInt(input::get).toArray());
    if (!sizes.isFullyKnown()) {
      throw Problem.in(toString(), "the sizes of the axes to normalize along must be known")
          .got("input " + input + ", axis=" + config.axis())
          .expected("a size on each of these axes")
          .asInvalidArgument();
    }
    gamma =
        config.scale() || config.rmsScaling()
            ? addWeight(
                "gamma",
                sizes,
                Objects.requireNonNullElseGet(config.gammaInitializer(), Ones::new),
                config.gammaRegularizer(),
                config.gammaConstraint(),
                true)
            : null;
    beta =
        config.center() && !config.rmsScaling()
            ? addWeight(
                "beta",
                sizes,
                Objects.requireNonNullElseGet(config.betaInitializer(), Zeros::new),
                config.betaRegularizer(),
                config.betaConstraint(),
                true)
            : null;
    setInputSpec(new InputSpec(axes.get(0), "features", input));
  }

  /** Counted from the front. */
  private List<Integer> axes(Shape input) {
    return AxisGroups.normalize(toString(), input, config.axes());
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    InputSpec spec = inputSpec();
    if (spec != null) {
      checkSizes(input, spec.builtOn());
    }
    axes(input);
    return input;
  }

  private void checkSizes(Shape input, Shape builtOn) {
    boolean same = input.rank() == builtOn.rank();
    for (int axis : same ? axes(input) : List.<Integer>of()) {
      same &= !input.isKnown(axis) || input.get(axis) == builtOn.get(axis);
    }
    if (!same) {
      throw Problem.in(toString(), "the input has other sizes along the axes to normalize")
          .got("input " + input)
          .expected("as " + builtOn + " along axis " + axes(builtOn))
          .asInvalidArgument();
    }
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    return Ops.layerNormalization(
        x,
        gamma == null ? null : gamma.value(),
        beta == null ? null : beta.value(),
        axes(x.shape()),
        config.epsilon(),
        !config.rmsScaling());
  }
}
