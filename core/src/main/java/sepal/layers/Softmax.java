package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Positive values that sum to 1 along one axis, or over several: {@code exp(x) / sum(exp(x))}.
 * Output as input.
 *
 * <pre>{@code
 * Layer layer = new Softmax();
 * Tensor x = Tensor.of(new float[] {7, 7}, 1, 2);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 2) [0.5, 0.5])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Softmax"
 */
public final class Softmax extends Layer {
  private final Config config;

  /** Along the last axis. */
  public Softmax() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if there is no axis
   */
  public Softmax(Consumer<Options> options) {
    this(new Options(options));
  }

  Softmax(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Softmax(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param axis an integer or a list of them; negative ones count from the end
   */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, Object axis)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Softmax", name);
      List<Integer> axes = sepal.config.Config.asIntegers(where, "axis", axis);
      if (axes.isEmpty()) {
        throw Problem.in(where, "softmax needs an axis")
            .got("axis=[]")
            .expected("an integer or a list of integers, for example -1")
            .asInvalidArgument();
      }
      axis = axis instanceof List<?> ? axes : axes.get(0);
    }

    List<Integer> axes() {
      return sepal.config.Config.asIntegers("Softmax", "axis", axis);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    Object axis = -1;

    Options() {
      super("Softmax");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The axes that the values sum to 1 over; the last by default. Negative: from the end. */
    public Options axis(int... axis) {
      this.axis = axis.length == 1 ? axis[0] : Arrays.stream(axis).boxed().toList();
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return new sepal.activations.Softmax(config.axes()).apply(x);
  }
}
