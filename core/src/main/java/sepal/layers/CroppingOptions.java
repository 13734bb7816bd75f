package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.Margins;

/**
 * The optional arguments that cropping layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class CroppingOptions<S extends CroppingOptions<S>> extends MarginOptions<S> {
  @Nullable Object cropping;

  /**
   * @param rank the number of spatial axes
   * @param cropping the default
   */
  CroppingOptions(String className, int rank, int cropping) {
    super(className, rank);
    this.cropping = cropping;
  }

  /**
   * What is taken off: one number for all sides; one for each spatial axis, if there are several;
   * or two for each, from its beginning and its end: (left, right), or (top, bottom, left, right).
   * By default 1 in one and three dimensions, and 0 in two.
   */
  public S cropping(int... cropping) {
    this.cropping = form(cropping);
    return self();
  }

  /** Judges the argument as it was resolved. */
  final void check(Margins resolved) {
    check("cropping", resolved, "ZeroPadding", "add %s");
  }
}
