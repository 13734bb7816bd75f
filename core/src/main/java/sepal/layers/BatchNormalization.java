package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Ones;
import sepal.initializers.Zeros;
import sepal.ops.Moments;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Brings every channel to mean 0 and variance 1, then to a learned mean {@code beta} and deviation
 * {@code gamma}.
 *
 * <p>While training, the statistics are those of the batch, and their moving averages are kept as
 * weights; for predictions, and as long as the layer is frozen, the moving averages count. Input
 * and output have the same shape, of any rank. Weights, each {@code (channels)}: {@code gamma},
 * {@code beta}, {@code moving_mean}, {@code moving_variance}; the last two are never trained.
 *
 * <p>{@code synchronized} has no effect beyond being kept: all devices of one process share one
 * batch. Batch renormalization ({@code renorm}) is not supported.
 *
 * <pre>{@code
 * Layer layer = new BatchNormalization(o -> o.momentum(0.9));
 * Tensor images = Tensor.full(DType.FLOAT32, Shape.of(4, 8, 8, 3), 5);
 * System.out.println(layer.apply(images, true).shape()); // (4, 8, 8, 3)
 * System.out.println(layer.getWeight("moving_mean").value()); // Tensor(float32(3,) [0.5, 0.5, 0.5])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.BatchNormalization"
 */
public final class BatchNormalization extends Layer {
  private final Config config;
  private @Nullable Weight gamma; // (channels)
  private @Nullable Weight beta; // (channels)
  private Weight movingMean; // (channels)
  private Weight movingVariance; // (channels)

  /** With Keras' defaults. */
  public BatchNormalization() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public BatchNormalization(Consumer<Options> options) {
    this(new Options(options));
  }

  BatchNormalization(Options options) {
    this(options, options.freeze());
  }

  private BatchNormalization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int axis,
      double momentum,
      double epsilon,
      boolean center,
      boolean scale,
      @Nullable Initializer betaInitializer,
      @Nullable Initializer gammaInitializer,
      @Nullable Initializer movingMeanInitializer,
      @Nullable Initializer movingVarianceInitializer,
      @Nullable Regularizer betaRegularizer,
      @Nullable Regularizer gammaRegularizer,
      @Nullable Constraint betaConstraint,
      @Nullable Constraint gammaConstraint,
      boolean synchronized_,
      boolean renorm,
      @Nullable Object renormClipping,
      double renormMomentum)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(
          v.next(),
          v.flag(),
          v.next(),
          v.integer(),
          v.number(),
          v.number(),
          v.flag(),
          v.flag(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.flag(),
          v.flag(),
          v.next(),
          v.number());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      if (renorm) {
        throw Problem.in(
                LayerOptions.where("BatchNormalization", name),
                "batch renormalization is not supported")
            .got("renorm=true")
            .expected("renorm=false")
            .asUnsupported();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object axis = -1;
    double momentum = 0.99;
    double epsilon = 0.001;
    boolean center = true;
    boolean scale = true;
    @Nullable Object betaInitializer = "zeros";
    @Nullable Object gammaInitializer = "ones";
    @Nullable Object movingMeanInitializer = "zeros";
    @Nullable Object movingVarianceInitializer = "ones";
    @Nullable Object betaRegularizer;
    @Nullable Object gammaRegularizer;
    @Nullable Object betaConstraint;
    @Nullable Object gammaConstraint;
    boolean synchronized_;
    boolean renorm;
    @Nullable Object renormClipping;
    double renormMomentum = 0.99;

    Options() {
      super("BatchNormalization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    private Config freeze() {
      if (axis instanceof List<?> list && list.size() == 1) {
        axis = list.get(0); // as TensorFlow wrote it
      }
      return new Config(values(Config.class));
    }

    /** The axis of the channels; negative numbers count from the end; -1 by default. */
    public Options axis(int axis) {
      this.axis = axis;
      return this;
    }

    /** The part of a moving average that a batch leaves as it was; 0.99 by default. */
    public Options momentum(double momentum) {
      this.momentum = momentum;
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

    /** A name, an {@code Initializer}, a Keras configuration, or null for zeros. */
    public Options movingMeanInitializer(@Nullable Object initializer) {
      this.movingMeanInitializer = initializer;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for ones. */
    public Options movingVarianceInitializer(@Nullable Object initializer) {
      this.movingVarianceInitializer = initializer;
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
                orOnes(config.gammaInitializer()),
                config.gammaRegularizer(),
                config.gammaConstraint(),
                true)
            : null;
    beta =
        config.center()
            ? addWeight(
                "beta",
                channels,
                orZeros(config.betaInitializer()),
                config.betaRegularizer(),
                config.betaConstraint(),
                true)
            : null;
    movingMean =
        addWeight(
            "moving_mean", channels, orZeros(config.movingMeanInitializer()), null, null, false);
    movingVariance =
        addWeight(
            "moving_variance",
            channels,
            orOnes(config.movingVarianceInitializer()),
            null,
            null,
            false);
    setInputSpec(new InputSpec(axis, "channels", input));
  }

  private static Initializer orZeros(@Nullable Initializer given) {
    return given == null ? new Zeros() : given;
  }

  private static Initializer orOnes(@Nullable Initializer given) {
    return given == null ? new Ones() : given;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    channelAxis(input);
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int axis = channelAxis(x.shape());
    if (!training || !isTrainable()) {
      return Ops.batchNormalization(
          x,
          value(gamma),
          value(beta),
          movingMean.value(),
          movingVariance.value(),
          axis,
          config.epsilon());
    }
    if (x.size() == 0) {
      throw Problem.in(toString(), "an empty batch has no statistics to train on")
          .got("input " + x.shape())
          .expected("one sample or more")
          .asInvalidArgument();
    }
    Moments batch = Ops.moments(x, axis);
    movingMean.assign(Ops.movingAverage(movingMean.value(), batch.mean(), config.momentum()));
    movingVariance.assign(
        Ops.movingAverage(movingVariance.value(), batch.variance(), config.momentum()));
    return Ops.batchNormalization(x, value(gamma), value(beta), batch, axis, config.epsilon());
  }

  private static @Nullable Tensor value(@Nullable Weight weight) {
    return weight == null ? null : weight.value();
  }

  /** The axis of the channels, counted from the front. */
  private int channelAxis(Shape input) {
    InputSpec spec = inputSpec();
    if (spec != null && spec.builtOn().rank() != input.rank()) {
      throw Problem.in(toString(), "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected(spec.builtOn().rank() + "   (built on " + spec.builtOn() + ")")
          .asInvalidArgument();
    }
    int axis = config.axis() < 0 ? config.axis() + input.rank() : config.axis();
    if (axis < 0 || axis >= input.rank()) {
      throw Problem.in(toString(), "the input has no such axis")
          .got("axis=" + config.axis() + "   (input " + input + ")")
          .expected("-" + input.rank() + " to " + (input.rank() - 1))
          .asInvalidArgument();
    }
    return axis;
  }
}
