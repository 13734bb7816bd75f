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
 * Gives each sample another shape with the same elements in the same order: {@code (n, ...)}
 * becomes {@code (n, targetShape...)}. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Reshape(7, -1);
 * System.out.println(layer.apply(Tensor.zeros(4, 7, 7, 8)).shape()); // (4, 7, 56)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Reshape"
 */
public final class Reshape extends Rearranging {
  private final Config config;

  /**
   * @param targetShape the new shape of one sample; one size may be -1: what remains
   * @throws IllegalArgumentException if a size is below -1, or -1 stands twice
   */
  public Reshape(int... targetShape) {
    this(Dims.of(targetShape), options -> {});
  }

  /**
   * @param targetShape the new shape of one sample; one size may be -1: what remains
   * @param options sets optional arguments
   * @throws IllegalArgumentException if a size is below -1, or -1 stands twice
   */
  public Reshape(Dims targetShape, Consumer<Options> options) {
    this(new Options(targetShape, options));
  }

  Reshape(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Reshape(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, Dims targetShape)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Reshape", name);
      if (targetShape == null) {
        throw Problem.in(where, "the target shape is missing")
            .got("targetShape=null")
            .expected("the shape of one sample, for example (4, 6)")
            .asInvalidArgument();
      }
      if (targetShape.min() < -1
          || targetShape.toList().stream().filter(d -> d == -1).count() > 1) {
        throw Problem.in(where, "at most one size of targetShape can be left open")
            .got("targetShape=" + targetShape)
            .expected("sizes of 0 or more, and at most one -1")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object targetShape;

    Options() {
      super("Reshape");
    }

    private Options(Dims targetShape, Consumer<Options> options) {
      this();
      this.targetShape = targetShape;
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
    if (input.rank() == 0) {
      throw mismatch(input);
    }
    int[] target = config.targetShape().toArray();
    Shape sample = input.slice(1, input.rank());
    if (sample.isFullyKnown()) {
      int open = -1;
      long rest = 1;
      for (int axis = 0; axis < target.length; axis++) {
        if (target[axis] == -1) {
          open = axis;
        } else {
          rest = target[axis] == 0 ? 0 : Math.multiplyExact(rest, (long) target[axis]);
        }
      }
      if (open >= 0 && rest > 0 && sample.size() % rest == 0) {
        target[open] = (int) (sample.size() / rest);
      } else if (open >= 0 || rest != sample.size()) {
        throw mismatch(input);
      }
    }
    return Shape.of(input.get(0)).concat(target);
  }

  private RuntimeException mismatch(Shape input) {
    return Problem.in(toString(), "the sample and the target shape have different sizes")
        .got("input " + input + ", targetShape=" + config.targetShape())
        .expected("a target shape with as many elements as one sample")
        .asInvalidArgument();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.reshape(x, computeOutputShape(x.shape()));
  }
}
