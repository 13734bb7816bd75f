package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * The products of two inputs, sample by sample, summed up along one axis of each.
 *
 * <p>Of {@code (n, a, k)} and {@code (n, b, k)} along the last axes it is {@code (n, a, b)}: the
 * axes of the first input, then those of the second, without those that are summed up. Of two
 * vectors it is {@code (n, 1)}.
 *
 * <pre>{@code
 * Tensor a = Tensor.of(new float[] {1, 2, 3}, 1, 3);
 * Tensor b = Tensor.of(new float[] {4, 5, 6}, 1, 3);
 * System.out.println(new Dot(1).apply(a, b)); // Tensor(float32(1, 1) [32.0])
 * Tensor y = new Dot(2, 1).apply(Tensor.zeros(4, 2, 3), Tensor.zeros(4, 3, 5));
 * System.out.println(y.shape()); // (4, 2, 5)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Dot"
 */
public final class Dot extends Layer {
  private final Config config;

  /**
   * @param axes the axis of both inputs, or the axis of the first and that of the second; negative
   *     ones count from the end
   * @throws IllegalArgumentException if there are neither one nor two, or one is the batch
   */
  public Dot(int... axes) {
    this(options -> options.axes(axes));
  }

  /**
   * @param options sets the arguments; there must be {@code axes}
   * @throws IllegalArgumentException if an argument is out of range
   */
  public Dot(Consumer<Options> options) {
    this(new Options(options));
  }

  Dot(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private Dot(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param axes an integer, or a list of two
   */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, Object axes, boolean normalize)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.flag());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      boolean pair = !(axes instanceof List<?> list) || list.size() == 2;
      if (!pair || axes.equals(0) || axes instanceof List<?> list && list.contains(0)) {
        throw Problem.in(LayerOptions.where("Dot", name), "axes must name one axis of each sample")
            .got("axes=" + axes)
            .expected("an integer for both inputs, or one for each; axis 0 is the batch")
            .asInvalidArgument();
      }
    }

    /** The axis of the first (0) or second (1) input; negative ones count from the end. */
    int axis(int input) {
      List<Integer> list = sepal.config.Config.asIntegers("Dot", "axes", axes);
      return list.get(list.size() == 1 ? 0 : input);
    }
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object axes;
    boolean normalize;

    Options() {
      super("Dot");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /**
     * The axis of both inputs to sum up along, or the axis of the first and that of the second;
     * negative ones count from the end.
     */
    public Options axes(int... axes) {
      this.axes = axes.length == 1 ? (Object) axes[0] : Arrays.stream(axes).boxed().toList();
      return this;
    }

    /** Whether the vectors are brought to length 1 first; false by default. */
    public Options normalize(boolean normalize) {
      this.normalize = normalize;
      return this;
    }

    Options resolve() {
      if (axes instanceof List<?>) {
        axes = sepal.config.Config.asIntegers(where(), "axes", axes);
      } else if (axes instanceof Number) {
        axes = sepal.config.Config.asInteger(where(), "axes", axes);
      } else {
        throw sepal.config.Config.wrong(where(), "axes", axes, "an integer, or a list of two");
      }
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected void createWeights(List<Shape> inputs) {}

  @Override
  public List<Shape> computeOutputShapes(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw mismatch("it takes two inputs", inputs);
    }
    Shape first = inputs.get(0);
    Shape second = inputs.get(1);
    int axis = axis(0, inputs);
    int other = axis(1, inputs);
    if (first.isKnown(0) && second.isKnown(0) && first.get(0) != second.get(0)) {
      throw mismatch("the inputs have different batch sizes", inputs);
    }
    if (first.isKnown(axis) && second.isKnown(other) && first.get(axis) != second.get(other)) {
      throw mismatch("the inputs have different sizes along the axes to sum up", inputs);
    }
    int batch = first.isKnown(0) ? first.get(0) : second.get(0);
    Shape output = Shape.of(batch).concat(rest(first, axis)).concat(rest(second, other));
    return List.of(output.rank() == 1 ? output.concat(1) : output);
  }

  /** The axis of an input, counted from the front. */
  private int axis(int input, List<Shape> inputs) {
    int rank = inputs.get(input).rank();
    int axis = config.axis(input);
    int fromFront = axis < 0 ? axis + rank : axis;
    if (fromFront < 1 || fromFront >= rank) {
      throw mismatch("an input does not have axis " + axis, inputs);
    }
    return fromFront;
  }

  /** The sizes of a sample but for one axis. */
  private static int[] rest(Shape shape, int axis) {
    return shape.slice(1, axis).concat(shape.slice(axis + 1, shape.rank()).toArray()).toArray();
  }

  private RuntimeException mismatch(String what, List<Shape> inputs) {
    return Problem.in(toString(), what)
        .got(inputs + ", axes=" + config.axes())
        .expected("two inputs of the same batch, and of the same size along axes")
        .asInvalidArgument();
  }

  @Override
  protected List<Tensor> call(List<Tensor> inputs, boolean training) {
    List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
    Shape output = computeOutputShapes(shapes).get(0);
    Tensor a = vectors(inputs.get(0), axis(0, shapes));
    Tensor b = vectors(inputs.get(1), axis(1, shapes));
    Tensor y = Ops.matmul(a, Ops.transpose(b, 0, 2, 1));
    return List.of(Ops.reshape(y, output));
  }

  /** As (n, vectors, size of the axis). */
  private Tensor vectors(Tensor x, int axis) {
    Shape shape = x.shape();
    int[] order =
        IntStream.concat(
                IntStream.range(0, shape.rank()).filter(a -> a != axis), IntStream.of(axis))
            .toArray();
    Shape flat = Shape.of(shape.get(0), Shape.of(rest(shape, axis)).size(), shape.get(axis));
    Tensor vectors = Ops.reshape(Ops.transpose(x, order), flat);
    return config.normalize()
        ? Ops.unitNormalization(vectors, List.of(-1), KerasConfig.epsilon())
        : vectors;
  }
}
