package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.initializers.Ones;
import sepal.initializers.Zeros;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@code (x - mean) / sqrt(variance)}, or with {@code invert} the way back. Output as input.
 *
 * <p>Mean and variance are arguments, or else weights, as a file holds them: {@code mean} and
 * {@code variance} of the sizes of the kept axes, and {@code count ()}, which nothing reads. They
 * are not learned here.
 *
 * <pre>{@code
 * Layer layer = new Normalization(o -> o.mean(3).variance(4));
 * Tensor x = Tensor.of(new float[] {3, 5}, 2, 1);
 * System.out.println(layer.apply(x)); // Tensor(float32(2, 1) [0.0, 1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Normalization"
 */
public final class Normalization extends Layer {
  private static final double EPSILON = 1e-7;

  private final Config config;
  private @Nullable Weight mean;
  private @Nullable Weight variance;

  /** With mean and variance as weights, one of each for every index of the last axis. */
  public Normalization() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range, or only one of mean and
   *     variance is given
   */
  public Normalization(Consumer<Options> options) {
    this(new Options(options));
  }

  Normalization(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private Normalization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param axis the axes that keep a mean and a variance for each index
   * @param mean a number, a list of them, a list of lists, or null for a weight
   * @param variance of the same form as the mean
   */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      List<Integer> axis,
      boolean invert,
      @Nullable Object mean,
      @Nullable Object variance)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.flag(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Normalization", name);
      if ((mean == null) != (variance == null)) {
        throw Problem.in(where, "mean and variance go together")
            .got("mean=" + mean + ", variance=" + variance)
            .expected("both or none")
            .asInvalidArgument();
      }
      if (mean != null && variance != null) {
        Shape shape = Numbers.tensor(where, "mean", mean, DType.FLOAT64).shape();
        Shape other = Numbers.tensor(where, "variance", variance, DType.FLOAT64).shape();
        if (!shape.equals(other) || shape.rank() > axis.size()) {
          throw Problem.in(where, "mean and variance do not fit")
              .got("mean " + shape + ", variance " + other + ", axis=" + axis)
              .expected("equal shapes with no more axes than axis names")
              .asInvalidArgument();
        }
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object axis = -1;
    boolean invert;
    @Nullable Object mean;
    @Nullable Object variance;

    Options() {
      super("Normalization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /**
     * The axes that keep a mean and a variance for each index, the last by default; none for one
     * mean and one variance of everything.
     */
    public Options axis(int... axis) {
      this.axis = Arrays.stream(axis).boxed().toList();
      return this;
    }

    /** Whether to go the way back, {@code x * sqrt(variance) + mean}; false by default. */
    public Options invert(boolean invert) {
      this.invert = invert;
      return this;
    }

    /** One mean for everything, or one for each index of the last kept axis. */
    public Options mean(double... mean) {
      this.mean = numbers(mean);
      return this;
    }

    /** One variance for everything, or one for each index of the last kept axis. */
    public Options variance(double... variance) {
      this.variance = numbers(variance);
      return this;
    }

    private static Object numbers(double[] values) {
      return values.length == 1 ? values[0] : Arrays.stream(values).boxed().toList();
    }

    Options resolve() {
      axis = axis == null ? List.of() : sepal.config.Config.asIntegers(where(), "axis", axis);
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected void createWeights(Shape input) {
    int[] axes = keptAxes(input);
    int[] sizes = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      sizes[i] = input.get(axes[i]);
      if (sizes[i] == Shape.UNKNOWN) {
        throw Problem.in(toString(), "the sizes of the kept axes must be known")
            .got("input " + input + ", axis=" + config.axis())
            .expected("a size on axis " + axes[i])
            .asInvalidArgument();
      }
    }
    if (config.mean() == null) {
      Shape shape = Shape.of(sizes);
      mean = addWeight("mean", shape, new Zeros(), null, null, false);
      variance = addWeight("variance", shape, new Ones(), null, null, false);
      addWeight("count", Shape.of(), new Zeros(), null, null, false);
    }
    if (axes.length == 1 && axes[0] > 0) {
      setInputSpec(new InputSpec(axes[0] - input.rank(), "features", input.with(0, Shape.UNKNOWN)));
    }
  }

  /** Counted from the front, in their order. */
  private int[] keptAxes(Shape input) {
    int rank = input.rank();
    return config.axis().stream()
        .mapToInt(
            axis -> {
              if (axis < -rank || axis >= rank) {
                throw Problem.in(toString(), "the input does not have axis " + axis)
                    .got("input " + input)
                    .expected("at least " + (axis < 0 ? -axis : axis + 1) + " axes")
                    .asInvalidArgument();
              }
              return axis < 0 ? axis + rank : axis;
            })
        .sorted()
        .toArray();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor center = constant("mean", config.mean(), mean, x.shape());
    Tensor spread = spread(constant("variance", config.variance(), variance, x.shape()));
    return config.invert()
        ? Ops.add(Ops.multiply(x, spread), center)
        : Ops.divide(Ops.subtract(x, center), spread);
  }

  /** The argument or the weight, so shaped that it broadcasts along the axes that are not kept. */
  private Tensor constant(
      String argument, @Nullable Object given, @Nullable Weight weight, Shape input) {
    Tensor value =
        given == null
            ? Objects.requireNonNull(weight).value()
            : Numbers.tensor(toString(), argument, given, computeDtype());
    int[] axes = keptAxes(input);
    int[] sizes = new int[input.rank()];
    Arrays.fill(sizes, 1);
    for (int i = 1; i <= value.shape().rank(); i++) {
      int axis = axes[axes.length - i];
      sizes[axis] = value.shape().get(-i);
      if (sizes[axis] != 1 && sizes[axis] != input.get(axis)) {
        throw Problem.in(toString(), argument + " does not fit the input")
            .got(argument + " " + value.shape() + ", input " + input)
            .expected("size " + input.get(axis) + " along axis " + axis)
            .asInvalidArgument();
      }
    }
    return value.reshape(Shape.of(sizes));
  }

  private static Tensor spread(Tensor variance) {
    double[] values = variance.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(Math.sqrt(values[i]), EPSILON);
    }
    return Tensor.wrap(values, variance.shape()).cast(variance.dtype());
  }
}
