package sepal.layers;

import java.util.Collections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Repeats the vector of each sample: {@code (n, features)} becomes {@code (n, times, features)}.
 * Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new RepeatVector(3);
 * System.out.println(layer.apply(Tensor.zeros(4, 8)).shape()); // (4, 3, 8)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.RepeatVector"
 */
public final class RepeatVector extends Rearranging {
  private final Config config;

  /**
   * @param n how often the vector is there afterwards
   * @throws IllegalArgumentException if it is not positive
   */
  public RepeatVector(int n) {
    this(n, options -> {});
  }

  /**
   * @param n how often the vector is there afterwards
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public RepeatVector(int n, Consumer<Options> options) {
    this(new Options(n, options));
  }

  RepeatVector(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private RepeatVector(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, int n)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.integer());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      if (n < 1) {
        throw Problem.in(LayerOptions.where("RepeatVector", name), "n must be positive")
            .got("n=" + n)
            .expected("1 or more")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments. */
  public static final class Options extends LayerOptions<Options> {
    int n;

    Options() {
      super("RepeatVector");
    }

    private Options(int n, Consumer<Options> options) {
      this();
      this.n = n;
      options.accept(this);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    InputSpec.checkRank(toString(), input, 2, "for vectors");
    return Shape.of(input.get(0), config.n(), input.get(1));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    Tensor one = Ops.reshape(x, output.with(1, 1));
    return Ops.concatenate(Collections.nCopies(config.n(), one), 1);
  }
}
