package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * A product with a matrix on the last axis; then bias and activation.
 *
 * <p>Input {@code (n, ..., features)}, output {@code (n, ..., units)}. Weights: {@code kernel
 * (features, units)}, {@code bias (units)}.
 *
 * <pre>{@code
 * Layer layer = new Dense(10, o -> o.activation("softmax").kernelInitializer("he_normal"));
 * System.out.println(layer.apply(Tensor.zeros(4, 32)).shape()); // (4, 10)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Dense"
 */
public final class Dense extends Layer {
  private final Config config;
  private Weight kernel; // (features, units)
  private @Nullable Weight bias; // (units)

  /**
   * @param units size of the last axis of the output, at least 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Dense(int units) {
    this(units, options -> {});
  }

  /**
   * @param units size of the last axis of the output, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Dense(int units, Consumer<Options> options) {
    this(new Options(units, options));
  }

  Dense(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Dense(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      int units,
      Activation activation,
      boolean useBias,
      @Nullable Initializer kernelInitializer,
      @Nullable Initializer biasInitializer,
      @Nullable Regularizer kernelRegularizer,
      @Nullable Regularizer biasRegularizer,
      @Nullable Constraint kernelConstraint,
      @Nullable Constraint biasConstraint,
      @Nullable Object quantizationConfig)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(
          v.next(),
          v.flag(),
          v.next(),
          v.integer(),
          v.next(),
          v.flag(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next(),
          v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Dense", name);
      Check.positive(where, "units", units);
      if (quantizationConfig != null) {
        throw Problem.in(where, "quantization is not supported")
            .got("quantization_config=" + quantizationConfig)
            .expected("null")
            .asUnsupported();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Integer units;
    @Nullable Object activation;
    boolean useBias = true;
    @Nullable Object kernelInitializer = "glorot_uniform";
    @Nullable Object biasInitializer = "zeros";
    @Nullable Object kernelRegularizer;
    @Nullable Object biasRegularizer;
    @Nullable Object kernelConstraint;
    @Nullable Object biasConstraint;
    @Nullable Object quantizationConfig;

    Options() {
      super("Dense");
    }

    private Options(int units, Consumer<Options> options) {
      this();
      this.units = units;
      options.accept(this);
    }

    /** A Keras name such as {@code relu}; null, the default, for linear. */
    public Options activation(@Nullable String activation) {
      this.activation = activation;
      return this;
    }

    /** A function of the output; a lambda will do. */
    public Options activation(Activation activation) {
      this.activation = activation;
      return this;
    }

    /** Whether a bias is added before the activation; true by default. */
    public Options useBias(boolean useBias) {
      this.useBias = useBias;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for glorot_uniform. */
    public Options kernelInitializer(@Nullable Object initializer) {
      this.kernelInitializer = initializer;
      return this;
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for zeros. */
    public Options biasInitializer(@Nullable Object initializer) {
      this.biasInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options kernelRegularizer(@Nullable Object regularizer) {
      this.kernelRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options biasRegularizer(@Nullable Object regularizer) {
      this.biasRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options kernelConstraint(@Nullable Object constraint) {
      this.kernelConstraint = constraint;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options biasConstraint(@Nullable Object constraint) {
      this.biasConstraint = constraint;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected void createWeights(Shape input) {
    computeOutputShape(input); // judges the rank
    if (!input.isKnown(-1)) {
      throw Problem.in(toString(), "the number of input features must be known")
          .got(input)
          .expected("a size on the last axis")
          .asInvalidArgument();
    }
    kernel =
        addWeight(
            "kernel",
            Shape.of(input.get(-1), config.units()),
            config.kernelInitializer(),
            config.kernelRegularizer(),
            config.kernelConstraint(),
            true);
    bias =
        config.useBias()
            ? addWeight(
                "bias",
                Shape.of(config.units()),
                config.biasInitializer() == null ? new Zeros() : config.biasInitializer(),
                config.biasRegularizer(),
                config.biasConstraint(),
                true)
            : null;
    setInputSpec(new InputSpec(-1, "features", input));
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    if (input.rank() < 2) {
      throw Problem.in(toString(), "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected("2 or more   (batch, ..., features)")
          .asInvalidArgument();
    }
    return input.with(-1, config.units());
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape()); // judges the rank
    return Ops.dense(x, kernel.value(), bias == null ? null : bias.value(), config.activation());
  }
}
