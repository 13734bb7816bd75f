package sepal.losses;

/**
 * The mean along the last axis of {@code (p - y)^2 / 2} where that distance is at most {@code
 * delta}, else of the straight line that continues it.
 *
 * @param delta 1 unless given; above 0
 * @see "Keras 3.16, keras.losses.Huber"
 */
public record Huber(String name, Reduction reduction, double delta) implements Elementwise {
  /** With Keras' defaults. */
  public Huber() {
    this(1);
  }

  /** With this delta. */
  public Huber(double delta) {
    this("huber_loss", Reduction.SUM_OVER_BATCH_SIZE, delta);
  }

  /** With another reduction. */
  public Huber reduction(Reduction reduction) {
    return new Huber(name, reduction, delta);
  }

  @Override
  public double valueAt(double y, double p) {
    double distance = Math.abs(p - y);
    return distance <= delta ? distance * distance / 2 : delta * distance - delta * delta / 2;
  }

  @Override
  public double slopeAt(double y, double p) {
    return Math.min(Math.max(p - y, -delta), delta);
  }
}
