package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.ops.Interpolation;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Enlarges images by whole factors. Input {@code (n, h, w, c)}, output {@code (n, h * size[0], w *
 * size[1], c)}; with channels_first {@code (n, c, h, w)} and {@code (n, c, h * size[0], w *
 * size[1])}.
 *
 * <pre>{@code
 * Layer layer = new UpSampling2D(o -> o.size(2, 3).interpolation("bilinear"));
 * System.out.println(layer.apply(Tensor.zeros(4, 8, 8, 3)).shape()); // (4, 16, 24, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.UpSampling2D"
 */
public final class UpSampling2D extends Layer {
  private final Config config;

  /** To the double height and width. */
  public UpSampling2D() {
    this(options -> {});
  }

  /**
   * @param size the factor for height and width, at least 1
   * @throws IllegalArgumentException if it is out of range
   */
  public UpSampling2D(int size) {
    this(options -> options.size(size));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public UpSampling2D(Consumer<Options> options) {
    this(new Options(options));
  }

  UpSampling2D(Options options) {
    this(options, new Config(options.resolve().values(Config.class)));
  }

  private UpSampling2D(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Dims size,
      DataFormat dataFormat,
      Interpolation interpolation)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      BaseConv.checkDims(LayerOptions.where("UpSampling2D", name), "size", 2, size);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object size = 2;
    @Nullable Object dataFormat;
    Object interpolation = Interpolation.NEAREST;

    Options() {
      super("UpSampling2D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** The factor for height and width; 2 by default. */
    public Options size(int size) {
      this.size = size;
      return this;
    }

    /** The factors for height and width. */
    public Options size(int height, int width) {
      this.size = Dims.of(height, width);
      return this;
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

    /**
     * {@code nearest} (the default), {@code bilinear}, {@code bicubic}, {@code lanczos3} or {@code
     * lanczos5}, in any letter case.
     */
    public Options interpolation(String interpolation) {
      this.interpolation = interpolation;
      return this;
    }

    /** Where the pixels of the enlarged image come from. */
    public Options interpolation(Interpolation interpolation) {
      this.interpolation = interpolation;
      return this;
    }

    Options resolve() {
      if (interpolation instanceof String name) {
        interpolation = Interpolation.of(where(), name);
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
    InputSpec.checkRank(toString(), input, 4, "for images");
    int first = config.dataFormat().firstSpatialAxis();
    Shape output = input;
    for (int i = 0; i < 2; i++) {
      if (input.isKnown(first + i)) {
        output =
            output.with(first + i, Math.multiplyExact(input.get(first + i), config.size().get(i)));
      }
    }
    return output;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.resize(
        x, computeOutputShape(x.shape()), config.dataFormat(), config.interpolation());
  }
}
