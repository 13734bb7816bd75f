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
 * Puts rows and columns of zeros around images. Input {@code (n, h, w, c)}, output {@code (n, newH,
 * newW, c)}; with channels_first {@code (n, c, h, w)} and {@code (n, c, newH, newW)}. Integers stay
 * integers.
 *
 * <pre>{@code
 * Layer layer = new ZeroPadding2D(o -> o.padding(0, 1, 0, 1));
 * System.out.println(layer.apply(Tensor.zeros(4, 64, 64, 3)).shape()); // (4, 65, 65, 3)
 * }</pre>
 *
 * @see "Keras 3.16, keras.layers.ZeroPadding2D"
 */
public final class ZeroPadding2D extends Rearranging {
  private final Config config;

  /** One row or column of zeros on each side. */
  public ZeroPadding2D() {
    this(options -> {});
  }

  /**
   * @param padding rows and columns on each side, 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public ZeroPadding2D(int padding) {
    this(options -> options.padding(padding));
  }

  /**
   * @param options sets optional arguments
   * @throws IllegalArgumentException if one is out of range
   */
  public ZeroPadding2D(Consumer<Options> options) {
    this(new Options(options));
  }

  ZeroPadding2D(Options options) {
    this(options, options.freeze(Config.class));
  }

  private ZeroPadding2D(Options options, Config config) {
    super(options, config);
    this.config = config;
  }

  /** The arguments of the layer: Keras' {@code get_config}. */
  public record Config(
      @Nullable String name,
      boolean trainable,
      DTypePolicy dtype,
      Margins padding,
      DataFormat dataFormat)
      implements LayerConfig {

    /** Judges the arguments, with the name of the layer in what it says. */
    public Config {
      String where = LayerOptions.where("ZeroPadding2D", name);
      if (padding == null || !padding.areNotNegative()) {
        throw Problem.in(where, "padding must not be negative")
            .got("padding=" + padding)
            .expected("0 or more on each side")
            .fix("use Cropping2D to take rows and columns off")
            .asInvalidArgument();
      }
    }
  }

  /** The optional arguments, with Keras' defaults. */
  public static final class Options extends LayerOptions<Options> {
    @Nullable Object padding = 1;
    @Nullable Object dataFormat;

    Options() {
      super("ZeroPadding2D");
    }

    private Options(Consumer<Options> options) {
      this();
      options.accept(this);
    }

    /** Rows and columns on each side; 1 by default. */
    public Options padding(int padding) {
      this.padding = padding;
      return this;
    }

    /** Rows above and below, columns left and right. */
    public Options padding(int height, int width) {
      this.padding = Margins.of(height, width);
      return this;
    }

    /** Rows and columns on the four sides. */
    public Options padding(int top, int bottom, int left, int right) {
      this.padding = new Margins(top, bottom, left, right);
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
    return config.padding();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Ops.pad2d(x, margins(), computeOutputShape(x.shape()), config.dataFormat());
  }
}
