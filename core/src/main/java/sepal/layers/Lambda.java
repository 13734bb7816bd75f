package sepal.layers;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * A function without weights as a layer; made of recorded operations, it has a gradient. Layers
 * with weights extend {@link Layer}.
 *
 * <pre>{@code
 * Layer layer = new Lambda(x -> Ops.add(x, x));
 * Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 2) [2.0, 4.0])
 * }</pre>
 *
 * <p>To be saved and copied, the function must be registered with {@link Layers#registerFunction}:
 * a file holds its name. Keras' own {@code Lambda} layers hold code, and are refused.
 *
 * @see "Keras 3.16, keras.layers.Lambda"
 */
public final class Lambda extends Layer {
  private final UnaryOperator<Tensor> function;
  private final UnaryOperator<Shape> outputShape;

  /** The layer of a function that keeps the shape. */
  public Lambda(UnaryOperator<Tensor> function) {
    this(function, options -> {});
  }

  /**
   * @param options sets optional arguments
   */
  public Lambda(UnaryOperator<Tensor> function, Consumer<Options> options) {
    this(function, Options.of(options));
  }

  Lambda(UnaryOperator<Tensor> function, Options options) {
    super(options, options.config());
    this.function = function;
    this.outputShape = options.outputShape;
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    UnaryOperator<Shape> outputShape = shape -> shape;

    Options() {
      super("Lambda");
    }

    static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** The shape of the output for a shape of the input; the same unless given. */
    public Options outputShape(UnaryOperator<Shape> outputShape) {
      this.outputShape = outputShape;
      return this;
    }

    Config config() {
      return new Config(values(Config.class));
    }
  }

  record Config(@Nullable String name, boolean trainable, DTypePolicy dtype)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next());
    }
  }

  /** The name that the function is registered under. */
  @Override
  public String className() {
    String registered = Layers.functionName(function);
    return registered == null ? "Lambda" : registered;
  }

  @Override
  public @Nullable String module() {
    return null;
  }

  /**
   * @throws IllegalStateException if the function is not registered
   */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Layers.requireName(function);
    return super.getConfig();
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    return outputShape.apply(input);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor y = function.apply(x);
    Shape expected = outputShape.apply(x.shape());
    if (!y.shape().equals(expected)) {
      throw Problem.in(toString(), "the function gives another shape than outputShape")
          .got(y.shape() + "   (input " + x.shape() + ")")
          .expected(expected.toString())
          .fix("say which: o -> o.outputShape(shape -> ...)")
          .asIllegalState();
    }
    return y;
  }
}
