package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.AxisGroups;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Divides the vectors along some axes by their length, so that it is 1 then; those shorter than a
 * millionth by that. Output as input, of any rank.
 *
 * <pre>{@code
 * Layer layer = new UnitNormalization();
 * Tensor x = Tensor.of(new float[] {3, 3, 3, -3}, 1, 4);
 * System.out.println(layer.apply(x)); // Tensor(float32(1, 4) [0.5, 0.5, 0.5, -0.5])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.UnitNormalization"
 */
public final class UnitNormalization extends Layer {
  private static final double SHORTEST = 1e-6; // Keras limits the square to 1e-12

  private final Config config;

  /** Along the last axis. */
  public UnitNormalization() {
    this(options -> {});
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public UnitNormalization(Consumer<Options> options) {
    this(new Options(options));
  }

  UnitNormalization(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private UnitNormalization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param axis an integer, or a list of integers
   */
  public record Config(@Nullable String name, boolean trainable, DTypePolicy dtype, Object axis)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      if (axis instanceof List<?> axes && axes.isEmpty()) {
        throw Problem.in(LayerOptions.where("UnitNormalization", name), "there is no axis")
            .got("axis=[]")
            .expected("an integer, or one or more integers")
            .asInvalidArgument();
      }
    }

    /** The axes that the vectors lie along; negative ones count from the end. */
    public List<Integer> axes() {
      return sepal.config.Config.asIntegers("UnitNormalization", "axis", axis);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object axis = -1;

    Options() {
      super("UnitNormalization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The axes that the vectors lie along; negative ones count from the end; -1 by default. */
    public Options axis(int... axis) {
      this.axis = axis.length == 1 ? (Object) axis[0] : Arrays.stream(axis).boxed().toList();
      return this;
    }

    Options resolve() {
      if (axis instanceof List<?>) {
        axis = sepal.config.Config.asIntegers(where(), "axis", axis);
      } else if (axis instanceof Number) {
        axis = sepal.config.Config.asInteger(where(), "axis", axis);
      } else {
        throw sepal.config.Config.wrong(where(), "axis", axis, "an integer, or a list of integers");
      }
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    AxisGroups.normalize(toString(), input, config.axes());
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    return Ops.unitNormalization(x, config.axes(), SHORTEST);
  }
}
