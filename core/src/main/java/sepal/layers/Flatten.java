package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Puts all elements of a sample in one row: {@code (n, ...)} becomes {@code (n, size)}, and {@code
 * (n)} becomes {@code (n, 1)}.
 *
 * <p>With channels_first, the channels are moved to the end first, so that the row is the same as
 * with channels_last. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Flatten();
 * System.out.println(layer.apply(Tensor.zeros(4, 7, 7, 8)).shape()); // (4, 392)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Flatten"
 */
public final class Flatten extends Rearranging {
  private final Config config;

  /** With Keras' defaults. */
  public Flatten() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public Flatten(Consumer<Options> options) {
    this(new Options(options));
  }

  Flatten(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Flatten(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, DataFormat dataFormat)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object dataFormat;

    Options() {
      super("Flatten");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /**
     * {@code channels_last} or {@code channels_first}; null, the default, for what {@code
     * keras.json} says, else channels_last.
     */
    public Options dataFormat(@Nullable String dataFormat) {
      this.dataFormat = dataFormat;
      return this;
    }

    /** The order of the axes. */
    public Options dataFormat(DataFormat dataFormat) {
      this.dataFormat = dataFormat;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    if (input.rank() == 0) {
      throw Problem.in(toString(), "a scalar has no batch axis to keep")
          .got("input ()")
          .expected("at least one axis")
          .asInvalidArgument();
    }
    Shape sample = input.slice(1, input.rank());
    return Shape.of(input.get(0), sample.isFullyKnown() ? sample.size() : Shape.UNKNOWN);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    boolean move = config.dataFormat() == DataFormat.CHANNELS_FIRST && x.shape().rank() > 2;
    return Ops.reshape(move ? Ops.transpose(x, channelsToTheEnd(x.shape().rank())) : x, output);
  }

  private static int[] channelsToTheEnd(int rank) {
    int[] axes = new int[rank];
    for (int axis = 2; axis < rank; axis++) {
      axes[axis - 1] = axis;
    }
    axes[rank - 1] = 1;
    return axes;
  }
}
