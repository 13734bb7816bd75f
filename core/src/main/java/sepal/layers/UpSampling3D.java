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
 * Repeats every place of volumes. Input {@code (n, d, h, w, c)}, output {@code (n, d * size[0], h *
 * size[1], w * size[2], c)}; with channels_first {@code (n, c, d, h, w)} and {@code (n, c, d *
 * size[0], h * size[1], w * size[2])}.
 *
 * <pre>{@code
 * Layer layer = new UpSampling3D(2);
 * System.out.println(layer.apply(Tensor.zeros(1, 4, 6, 6, 3)).shape()); // (1, 8, 12, 12, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.UpSampling3D"
 */
public final class UpSampling3D extends Layer {
  private final Config config;

  /** To the double depth, height and width. */
  public UpSampling3D() {
    this(options -> {});
  }

  /**
   * @param size the factor for depth, height and width, at least 1
   * @throws IllegalArgumentException if it is out of range
   */
  public UpSampling3D(int size) {
    this(options -> options.size(size));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public UpSampling3D(Consumer<Options> options) {
    this(new Options(options));
  }

  UpSampling3D(Options options) {
    this(options, new Config(options.values(Config.class)));
  }

  private UpSampling3D(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name, boolean trainable, DTypePolicy dtype, Dims size, DataFormat dataFormat)
      implements LayerConfig {
    Config(Arguments.Values v) {
      this(v.next(), v.flag(), v.next(), v.next(), v.next());
    }

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      BaseConv.checkDims(LayerOptions.where("UpSampling3D", name), "size", 3, size);
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object size = 2;
    @Nullable Object dataFormat;

    Options() {
      super("UpSampling3D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    @Override
    protected int spatialRank() {
      return 3;
    }

    /** One factor for all spatial axes, or one each for depth, height and width; 2 by default. */
    public Options size(int... size) {
      this.size = forAxes(size);
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
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Shape computeOutputShape(Shape input) {
    InputSpec.checkRank(toString(), input, 5, "for volumes");
    Shape output = input;
    for (int i = 0; i < 3; i++) {
      int axis = config.dataFormat().firstSpatialAxis() + i;
      if (input.isKnown(axis)) {
        output = output.with(axis, Math.multiplyExact(input.get(axis), config.size().get(i)));
      }
    }
    return output;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Shape output = computeOutputShape(x.shape());
    return Ops.resize(x, output, config.dataFormat(), Interpolation.NEAREST);
  }
}
