package sepal.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.regularizers.L1L2;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Passes its input on; in training its size is a penalty, {@code l1 * sum|x| + l2 * sum(x * x)}.
 *
 * <pre>{@code
 * Layer layer = new ActivityRegularization(o -> o.l1(0.5));
 * try (LossScope scope = new LossScope()) {
 *   layer.apply(Tensor.of(new float[] {1, -3}, 1, 2), true);
 *   System.out.println(layer.losses()); // [Tensor(float32() [2.0])]
 * }
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ActivityRegularization"
 */
public final class ActivityRegularization extends Layer {
  private final Config config;

  /**
   * @param options sets the factors, which are 0 otherwise
   * @throws IllegalArgumentException if one is negative or not a number
   */
  public ActivityRegularization(Consumer<Options> options) {
    this(new Options(options));
  }

  ActivityRegularization(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private ActivityRegularization(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, double l1, double l2)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.number(), v.number());
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    double l1;
    double l2;

    Options() {
      super("ActivityRegularization");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    Options resolve() {
      Numbers.notNegative(where(), "l1", l1);
      Numbers.notNegative(where(), "l2", l2);
      return activityRegularizer(new L1L2(l1, l2));
    }

    /** The factor of the sum of absolute values; 0 by default. */
    public Options l1(double l1) {
      this.l1 = l1;
      return this;
    }

    /** The factor of the sum of squares; 0 by default. */
    public Options l2(double l2) {
      this.l2 = l2;
      return this;
    }
  }

  @Override
  public Config config() {
    return config;
  }

  /** The two factors are written, not the regularizer that they make. */
  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(super.getConfig());
    map.remove("activity_regularizer");
    return map;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x;
  }
}
