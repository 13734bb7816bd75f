package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Puts the axes of each sample in another order; the batch stays first. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Permute(3, 1, 2);
 * System.out.println(layer.apply(Tensor.zeros(4, 7, 9, 3)).shape()); // (4, 3, 7, 9)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Permute"
 */
public final class Permute extends Rearranging {
  private final Config config;

  /**
   * @param dims the axes in their new order; 1 is the first after the batch
   * @throws IllegalArgumentException if they are not 1, 2, ... in some order
   */
  public Permute(int... dims) {
    this(Dims.of(dims), options -> {});
  }

  /**
   * @param dims the axes in their new order; 1 is the first after the batch
   * @param options sets optional arguments
   * @throws IllegalArgumentException if they are not 1, 2, ... in some order
   */
  public Permute(Dims dims, Consumer<Options> options) {
    this(new Options(dims, options));
  }

  Permute(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Permute(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, Dims dims)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      boolean complete = dims != null;
      for (int axis = 1; complete && axis <= dims.rank(); axis++) {
        complete = dims.toList().contains(axis);
      }
      if (!complete) {
        throw Problem.in(
                LayerOptions.where("Permute", name), "dims must name each axis of a sample once")
            .got("dims=" + dims)
            .expected("1, 2, ... in some order, for example (2, 1); axis 0, the batch, stays")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object dims;

    Options() {
      super("Permute");
    }

    private Options(Dims dims, Consumer<Options> options) {
      this();
      this.dims = dims;
      options.accept(this);
    }

    @Override
    protected int spatialRank() {
      return 1;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    Dims dims = config.dims();
    InputSpec.checkRank(toString(), input, dims.rank() + 1, "for dims=" + dims);
    int[] sizes = new int[input.rank()];
    sizes[0] = input.get(0);
    for (int axis = 1; axis < sizes.length; axis++) {
      sizes[axis] = input.get(dims.get(axis - 1));
    }
    return Shape.of(sizes);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    int[] axes = new int[x.shape().rank()];
    System.arraycopy(config.dims().toArray(), 0, axes, 1, axes.length - 1);
    return Ops.transpose(x, axes);
  }
}
