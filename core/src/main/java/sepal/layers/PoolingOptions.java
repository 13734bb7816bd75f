package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;

/**
 * The optional arguments that pooling layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class PoolingOptions<S extends PoolingOptions<S>> extends LayerOptions<S> {
  @Nullable Object poolSize = 2;
  @Nullable Object strides;
  @Nullable Object padding = "valid";
  @Nullable Object dataFormat;

  private final int rank;

  /**
   * @param rank the number of spatial axes
   */
  PoolingOptions(String className, int rank) {
    super(className);
    this.rank = rank;
  }

  @Override
  protected final int spatialRank() {
    return rank;
  }

  /** These options with the size of the window, then with what {@code options} sets. */
  final S with(Object poolSize, Consumer<S> options) {
    this.poolSize = poolSize;
    options.accept(self());
    return self();
  }

  /** The arguments, judged. */
  final PoolingConfig freeze() {
    PoolingConfig config = new PoolingConfig(values(PoolingConfig.class));
    BaseConv.checkDims(where(), "poolSize", rank, config.poolSize());
    BaseConv.checkDims(where(), "strides", rank, config.strides());
    return config;
  }

  /**
   * Steps between neighbouring outputs: one number for all spatial axes, or one for each, which may
   * differ; the size of the window by default.
   */
  public S strides(int... strides) {
    this.strides = forAxes(strides);
    return self();
  }

  /** Steps between neighbouring outputs on each spatial axis; null for the size of the window. */
  public S strides(@Nullable Dims strides) {
    this.strides = strides;
    return self();
  }

  /** {@code valid} (the default) or {@code same}, in any letter case. */
  public S padding(String padding) {
    this.padding = padding;
    return self();
  }

  /** The same, typed. */
  public S padding(Padding padding) {
    this.padding = padding;
    return self();
  }

  /**
   * {@code channels_last} or {@code channels_first}; null, the default, for what {@code keras.json}
   * says, else channels_last.
   */
  public S dataFormat(@Nullable String dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }

  /** The order of the axes. */
  public S dataFormat(DataFormat dataFormat) {
    this.dataFormat = dataFormat;
    return self();
  }
}
