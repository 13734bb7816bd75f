package sepal.losses;

/**
 * The mean of {@code max(1 - y p, 0)} along the last axis; labels 0 and 1 stand for -1 and 1.
 *
 * @see "Keras 3.16, keras.losses.Hinge"
 */
public record Hinge(String name, Reduction reduction) implements HingeFamily {
  /** With Keras' defaults. */
  public Hinge() {
    this("hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public Hinge reduction(Reduction reduction) {
    return new Hinge(name, reduction);
  }

  @Override
  public double valueAt(double y, double p) {
    return Math.max(1 - y * p, 0);
  }

  @Override
  public double slopeAt(double y, double p) {
    return 1 - y * p > 0 ? -y : 0;
  }
}
