package sepal.layers;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * {@code x * scale + offset}, with one number for all elements or one for each channel. Output as
 * input.
 *
 * <p>Lists run along the last axis, or along the third from last where {@code keras.json} says
 * channels_first.
 *
 * <pre>{@code
 * Tensor pixels = Tensor.of(new float[] {0, 127.5f, 255}, 3, 1);
 * Layer layer = new Rescaling(1 / 127.5, -1);
 * System.out.println(layer.apply(pixels)); // Tensor(float32(3, 1) [-1.0, 0.0, 1.0])
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Rescaling"
 */
public final class Rescaling extends Layer {
  private final Config config;

  /**
   * @param scale the factor
   * @param offset what is added after that
   */
  public Rescaling(double scale, double offset) {
    this(scale, offset, options -> {});
  }

  /**
   * @param scale the factor
   * @param offset what is added after that
   * @param options sets optional arguments
   */
  public Rescaling(double scale, double offset, Consumer<Options> options) {
    this(new Options(scale, offset, options));
  }

  /**
   * @param scale a factor for each channel
   * @param offset what is added after that, for each channel
   * @param options sets optional arguments
   */
  public Rescaling(double[] scale, double[] offset, Consumer<Options> options) {
    this(
        new Options(
            Arrays.stream(scale).boxed().toList(),
            Arrays.stream(offset).boxed().toList(),
            options));
  }

  Rescaling(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private Rescaling(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /**
   * The arguments of the layer: Keras' {@code get_config}.
   *
   * @param scale a number or a list of numbers
   * @param offset a number or a list of numbers
   */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, Object scale, Object offset)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Rescaling", name);
      if (scale == null || offset == null) {
        throw Problem.in(where, "scale and offset must be given")
            .got("scale=" + scale + ", offset=" + offset)
            .expected("a number or a list of numbers each")
            .asInvalidArgument();
      }
      Numbers.tensor(where, "scale", scale, DType.FLOAT64);
      Numbers.tensor(where, "offset", offset, DType.FLOAT64);
    }
  }

  /** The optional arguments. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object scale;
    @Nullable Object offset = 0.0;

    Options() {
      super("Rescaling");
    }

    private Options(Object scale, Object offset, Consumer<Options> options) {
      this();
      this.scale = scale;
      this.offset = offset;
      options.accept(this);
    }
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor scale = constant("scale", config.scale());
    Tensor offset = constant("offset", config.offset());
    if (!scale.shape().stretchesTo(x.shape()) || !offset.shape().stretchesTo(x.shape())) {
      throw Problem.in(toString(), "scale and offset do not fit the input")
          .got("scale=" + config.scale() + ", offset=" + config.offset() + ", input " + x.shape())
          .expected("one number for each channel")
          .asInvalidArgument();
    }
    return Ops.add(Ops.multiply(x, scale), offset);
  }

  private Tensor constant(String argument, Object given) {
    Tensor value = Numbers.tensor(toString(), argument, given, computeDtype());
    boolean perChannel = value.shape().rank() == 1;
    return perChannel && KerasConfig.imageDataFormat() == DataFormat.CHANNELS_FIRST
        ? value.reshape(value.shape().concat(1, 1))
        : value;
  }
}
