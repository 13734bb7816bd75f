package sepal.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Where data enters a model: it has a shape and a type, and one symbolic output. {@link Input} is
 * the shorter way to that output.
 *
 * <p>Called on data, it checks the shape and casts to its type.
 *
 * <pre>{@code
 * Layer input = new InputLayer(o -> o.shape(64, 64, 3).name("image"));
 * Model model = new Functional(input.output(), new Flatten().apply(input.output()));
 * System.out.println(model.inputNames() + " " + model.outputShape()); // [image] (null, 12288)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.InputLayer"
 */
public final class InputLayer extends Layer {
  private final Config config;
  private final KerasTensor output;

  /**
   * @param options sets the shape, and what else there is
   * @throws IllegalArgumentException if there is no shape, or a shape beside a batch shape
   */
  public InputLayer(Consumer<Options> options) {
    this(new Options(options));
  }

  InputLayer(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private InputLayer(Options options, Config config) {
    super(options, config);
    this.config = config;
    build();
    this.output =
        addNode(List.of(), List.of(config.batchShape()), List.of(computeDtype())).outputs().get(0);
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param batchShape the shape of a batch; axis 0 counts the samples
   * @param optional kept for the file; a model wants all its inputs
   */
  public record Config(
      Shape batchShape,
      DTypePolicy dtype,
      boolean sparse,
      boolean ragged,
      @Nullable String name,
      boolean optional)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.next(), v.flag(), v.flag(), v.next(), v.flag());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("InputLayer", name);
      if (batchShape.rank() == 0) {
        throw Problem.in(where, "the shape of a batch needs the batch axis")
            .got("batchShape=" + batchShape)
            .expected("at least one axis, for example (null, 3)")
            .asInvalidArgument();
      }
      if (sparse || ragged) {
        throw Problem.in(where, (sparse ? "sparse" : "ragged") + " inputs are not supported")
            .fix("feed dense tensors")
            .asUnsupported();
      }
    }

    @Override
    public boolean trainable() {
      return true;
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Shape batchShape;
    boolean sparse;
    boolean ragged;
    boolean optional;

    Options() {
      super("InputLayer");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The shape of one sample; unknown axes are -1. */
    public Options shape(int... shape) {
      return inputShape(shape);
    }

    /** The shape of a batch, instead of {@link #shape}; unknown axes are -1. */
    public Options batchShape(int... shape) {
      this.batchShape = Shape.of(shape);
      return this;
    }

    /**
     * The type of the input, {@code float32} unless given; besides the floating types {@code
     * int32}, {@code int64}, {@code uint8} and {@code bool}.
     */
    @Override
    public Options dtype(@Nullable String dtype) {
      return super.dtype(dtype);
    }

    /** Brings the ways to tell the shape and the type down to one. */
    Options resolve() {
      if (batchShape != null && (inputShape != null || batchSize != null)) {
        throw Problem.in(where(), "batchShape says it all")
            .got(
                "batchShape="
                    + batchShape
                    + (inputShape == null ? "" : " and shape=" + inputShape)
                    + (batchSize == null ? "" : " and batchSize=" + batchSize))
            .expected("batchShape, or shape with or without batchSize")
            .asInvalidArgument();
      }
      if (batchShape == null) {
        batchShape = givenInputShape();
      }
      if (batchShape == null) {
        throw Problem.in(where(), "an input needs a shape")
            .expected("shape, for example shape(64, 64, 3), or batchShape")
            .asInvalidArgument();
      }
      batchInputShape = batchShape;
      for (DType type : DType.values()) {
        if (!type.isFloating() && type.toString().equals(dtype)) {
          dtype = new DTypePolicy(type.toString(), type, type);
        }
      }
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  /** The type is a name here, and nothing can be trained. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(super.getConfig());
    map.put("dtype", config.dtype().name());
    map.remove("trainable");
    return map;
  }

  /** The shape of a batch; axis 0 counts the samples. */
  public Shape batchShape() {
    return config.batchShape();
  }

  /** The symbolic tensor that stands for the data. */
  @Override
  public KerasTensor output() {
    return output;
  }

  @Override
  protected void createWeights(List<Shape> inputs) {}

  @Override
  public Shape computeOutputShape(Shape input) {
    if (!config.batchShape().isCompatibleWith(input)) {
      throw Problem.in(toString(), "wrong shape of the input")
          .got(input)
          .expected(config.batchShape().toString())
          .asInvalidArgument();
    }
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    return x;
  }
}
