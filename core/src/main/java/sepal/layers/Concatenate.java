package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Joins its inputs along one axis; all other axes must agree. Integers stay integers where all
 * inputs have the same type.
 *
 * <pre>{@code
 * Layer layer = new Concatenate();
 * Tensor both = layer.apply(Tensor.zeros(4, 8, 8, 3), Tensor.zeros(4, 8, 8, 5));
 * System.out.println(both.shape()); // (4, 8, 8, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Concatenate"
 */
public final class Concatenate extends Rearranging {
  private final Config config;

  /** Along the last axis. */
  public Concatenate() {
    this(options -> {});
  }

  /**
   * @param axis the axis to join along; negative ones count from the end
   */
  public Concatenate(int axis) {
    this(options -> options.axis(axis));
  }

  /**
   * @param options sets optional arguments
   */
  public Concatenate(Consumer<Options> options) {
    this(new Options(options));
  }

  Concatenate(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Concatenate(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, int axis)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.integer());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    int axis = -1;

    Options() {
      super("Concatenate");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The axis to join along, the last by default; negative ones count from the end. */
    public Options axis(int axis) {
      this.axis = axis;
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
    if (inputs.isEmpty()) {
      throw mismatch("there is nothing to join", inputs);
    }
    Shape first = inputs.get(0);
    int axis = config.axis() < 0 ? config.axis() + first.rank() : config.axis();
    if (axis < 0 || axis >= first.rank()) {
      throw mismatch("the inputs do not have axis " + config.axis(), inputs);
    }
    int size = 0;
    for (Shape input : inputs) {
      if (input.rank() != first.rank()
          || !input.with(axis, Shape.UNKNOWN).isCompatibleWith(first.with(axis, Shape.UNKNOWN))) {
        throw mismatch("the inputs differ on another axis than " + config.axis(), inputs);
      }
      boolean known = size != Shape.UNKNOWN && input.isKnown(axis);
      size = known ? Math.addExact(size, input.get(axis)) : Shape.UNKNOWN;
    }
    return List.of(first.with(axis, size));
  }

  private RuntimeException mismatch(String what, List<Shape> inputs) {
    return Problem.in(toString(), what)
        .got(inputs)
        .expected("shapes that are equal on all axes but axis " + config.axis())
        .asInvalidArgument();
  }

  @Override
  protected List<Tensor> call(List<Tensor> inputs, boolean training) {
    Shape output = computeOutputShapes(inputs.stream().map(Tensor::shape).toList()).get(0);
    int axis = config.axis() < 0 ? config.axis() + output.rank() : config.axis();
    DType dtype = outputDtypes(inputs.stream().map(Tensor::dtype).toList(), 1).get(0);
    return List.of(Ops.concatenate(inputs.stream().map(x -> x.cast(dtype)).toList(), axis));
  }
}
