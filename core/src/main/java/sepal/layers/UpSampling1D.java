package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.ops.Interpolation;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Repeats every step of sequences. Input {@code (n, steps, c)}, output {@code (n, steps * size,
 * c)}.
 *
 * <pre>{@code
 * Layer layer = new UpSampling1D(3);
 * System.out.println(layer.apply(Tensor.zeros(4, 128, 5)).shape()); // (4, 384, 5)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.UpSampling1D"
 */
public final class UpSampling1D extends Layer {
  private final Config config;

  /** Every step twice. */
  public UpSampling1D() {
    this(options -> {});
  }

  /**
   * @param size how often a step comes, at least 1
   * @throws IllegalArgumentException if it is out of range
   */
  public UpSampling1D(int size) {
    this(options -> options.size(size));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public UpSampling1D(Consumer<Options> options) {
    this(new Options(options));
  }

  UpSampling1D(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private UpSampling1D(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, int size)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.integer());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      Check.positive(LayerOptions.where("UpSampling1D", name), "size", size);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    int size = 2;

    Options() {
      super("UpSampling1D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** How often a step comes; 2 by default. */
    public Options size(int size) {
      this.size = size;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    InputSpec.checkRank(toString(), input, 3, "for sequences");
    return input.isKnown(1)
        ? input.with(1, Math.multiplyExact(input.get(1), config.size()))
        : input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    return Ops.resize(x, output, DataFormat.CHANNELS_LAST, Interpolation.NEAREST);
  }
}
