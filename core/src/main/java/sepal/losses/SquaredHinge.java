package sepal.losses;

/**
 * The mean of {@code max(1 - y p, 0)^2} along the last axis; labels 0 and 1 stand for -1 and 1.
 *
 * @see "Keras 3.16, keras.losses.SquaredHinge"
 */
public record SquaredHinge(String name, Reduction reduction) implements HingeFamily {
  /** With Keras' defaults. */
  public SquaredHinge() {
    this("squared_hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public SquaredHinge reduction(Reduction reduction) {
    return new SquaredHinge(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    double margin = Math.max(1 - y * p, 0);
    return margin * margin;
  }

  @Override
  public double slopeAt(double y, double p) {
    return -2 * y * Math.max(1 - y * p, 0);
  }
}
