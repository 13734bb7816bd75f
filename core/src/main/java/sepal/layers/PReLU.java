package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
 * {@code x} above zero, {@code alpha * x} below, where alpha is learned. Output as input.
 *
 * <p>Weight: {@code alpha}, of the shape of one sample, with 1 on each shared axis.
 *
 * <pre>{@code
 * Layer layer = new PReLU(o -> o.sharedAxes(1, 2).alphaInitializer("ones"));
 * System.out.println(layer.apply(Tensor.zeros(4, 8, 8, 3)).shape()); // (4, 8, 8, 3)
 * System.out.println(layer.getWeight("alpha").shape()); // (1, 1, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.PReLU"
 */
public final class PReLU extends Layer {
  private final Config config;
  private Weight alpha; // the shape of a sample, 1 on shared axes

  /** With an alpha for each element of a sample. */
  public PReLU() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public PReLU(Consumer<Options> options) {
    this(new Options(options));
  }

  PReLU(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private PReLU(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param sharedAxes axes along which alpha is the same, a list of integers; 1 is the first after
   *     the batch
   */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      @Nullable Initializer alphaInitializer,
      @Nullable Regularizer alphaRegularizer,
      @Nullable Constraint alphaConstraint,
      @Nullable List<Integer> sharedAxes)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.next(), v.next(), v.next());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object alphaInitializer = "zeros";
    @Nullable Object alphaRegularizer;
    @Nullable Object alphaConstraint;
    @Nullable Object sharedAxes;

    Options() {
      super("PReLU");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** A name, an {@code Initializer}, a Keras configuration, or null for zeros. */
    public Options alphaInitializer(@Nullable Object initializer) {
      this.alphaInitializer = initializer;
      return this;
    }

    /** A name, a {@code Regularizer}, a Keras configuration, or null. */
    public Options alphaRegularizer(@Nullable Object regularizer) {
      this.alphaRegularizer = regularizer;
      return this;
    }

    /** A name, a {@code Constraint}, a Keras configuration, or null. */
    public Options alphaConstraint(@Nullable Object constraint) {
      this.alphaConstraint = constraint;
      return this;
    }

    /** Axes along which alpha is the same; for images {@code sharedAxes(1, 2)}. None by default. */
    public Options sharedAxes(int... sharedAxes) {
      this.sharedAxes = Arrays.stream(sharedAxes).boxed().toList();
      return this;
    }

    Options resolve() {
      if (sharedAxes != null) {
        sharedAxes = sepal.config.Config.asIntegers(where(), "sharedAxes", sharedAxes);
      }
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected void createWeights(Shape input) {
    Shape sample = input.slice(1, input.rank());
    if (config.sharedAxes() != null) {
      for (int axis : config.sharedAxes()) {
        sample = share(input, sample, axis);
      }
    }
    if (!sample.isFullyKnown()) {
      throw Problem.in(toString(), "alpha needs the size of each axis that does not share it")
          .got(input)
          .fix("share the unknown axes, for example sharedAxes(1, 2) for images")
          .asInvalidArgument();
    }
    Initializer first = config.alphaInitializer();
    alpha =
        addWeight(
            "alpha",
            sample,
            first == null ? new Zeros() : first,
            config.alphaRegularizer(),
            config.alphaConstraint(),
            true);
  }

  private Shape share(Shape input, Shape sample, int axis) {
    if (axis < 1 || axis >= input.rank()) {
      throw Problem.in(toString(), "sharedAxes names an axis that a sample does not have")
          .got("sharedAxes=" + config.sharedAxes() + "   (input " + input + ")")
          .expected("axes from 1 to " + (input.rank() - 1))
          .asInvalidArgument();
    }
    return sample.with(axis - 1, 1);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    checkFits(x.shape());
    return Ops.prelu(x, alpha.value());
  }

  private void checkFits(Shape input) {
    Shape slopes = alpha.shape();
    if (input.rank() != slopes.rank() + 1 || !slopes.stretchesTo(input)) {
      throw Problem.in(toString(), "the input does not fit alpha")
          .got(input)
          .expected("a batch of samples that " + slopes + " stretches to")
          .asInvalidArgument();
    }
  }
}
