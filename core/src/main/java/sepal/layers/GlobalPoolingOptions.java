package sepal.layers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;

/**
 * The optional arguments that global pooling layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class GlobalPoolingOptions<S extends GlobalPoolingOptions<S>>
    extends LayerOptions<S> {
  @Nullable Object dataFormat;
  boolean keepdims;

  private final int rank;

  /**
   * @param rank the number of spatial axes
   */
  GlobalPoolingOptions(String className, int rank) {
    super(className);
    this.rank = rank;
  }

  @Override
  protected final int spatialRank() {
    return rank;
  }

  /** These options with what {@code options} sets. */
  final S with(Consumer<S> options) {
    options.accept(self());
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

  /** Whether the spatial axes stay, with size 1; false by default. */
  public S keepdims(boolean keepdims) {
    this.keepdims = keepdims;
    return self();
  }
}
