package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.DataFormat;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * Takes rows and columns off images. Input {@code (n, h, w, c)}, output {@code (n, newH, newW, c)};
 * with channels_first {@code (n, c, h, w)} and {@code (n, c, newH, newW)}. Integers stay integers.
 *
 * <pre>{@code
 * Layer layer = new Cropping2D(o -> o.cropping(2, 4));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 3)).shape()); // (4, 60, 56, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.Cropping2D"
 */
public final class Cropping2D extends Rearranging {
  private final Config config;

  /**
   * @param cropping rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public Cropping2D(int cropping) {
    this(options -> options.cropping(cropping));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public Cropping2D(Consumer<Options> options) {
    this(new Options(options));
  }

  Cropping2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private Cropping2D(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Margins cropping,
      DataFormat dataFormat)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("Cropping2D", name);
      if (cropping == null || !cropping.areNotNegative()) {
        throw Problem.in(where, "cropping must not be negative")
            .got("cropping=" + cropping)
            .expected("0 or more on each side")
            .fix("use ZeroPadding2D to add rows and columns")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object cropping = 0;
    @Nullable Object dataFormat;

    Options() {
      super("Cropping2D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** Rows and columns on each side; 0 by default. */
    public Options cropping(int cropping) {
      this.cropping = cropping;
      return this;
    }

    /** Rows above and below, columns left and right. */
    public Options cropping(int height, int width) {
      this.cropping = Margins.of(height, width);
      return this;
    }

    /** Rows and columns on the four sides. */
    public Options cropping(int top, int bottom, int left, int right) {
      this.cropping = new Margins(top, bottom, left, right);
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
    InputSpec.checkRank(toString(), input, 4, "for images");
    return margins().around(toString(), input, config.dataFormat());
  }

  private Margins margins() {
    return config.cropping().negated();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.pad2d(x, margins(), computeOutputShape(x.shape()), config.dataFormat());
  }
}
