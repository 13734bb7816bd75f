package sepal.callbacks;

import java.lang.System.Logger.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.metrics.Metric;
import sepal.training.Trainer;

/** One logged value, and which of two is better. */
final class Monitor {
  private static final System.Logger LOG = System.getLogger("sepal.callbacks");

  private final String where;
  private final String name;
  private Metric.Direction direction;

  /**
   * @param mode {@code min}, {@code max}, or {@code auto} for what the metric itself says
   * @throws IllegalArgumentException if the mode is unknown
   */
  Monitor(String where, String name, String mode) {
    this.where = where;
    this.name = name;
    this.direction =
        switch (mode) {
          case "min" -> Metric.Direction.DOWN;
          case "max" -> Metric.Direction.UP;
          case "auto" -> Metric.Direction.UNKNOWN;
          default ->
              throw Problem.in(where, "unknown mode")
                  .got("mode=\"" + mode + "\"")
                  .expected("\"auto\", \"min\" or \"max\"")
                  .asInvalidArgument();
        };
  }

  /**
   * The value of this epoch, or null, with a warning, if it was not logged.
   *
   * @throws IllegalArgumentException if neither mode nor metric tells which way is better
   */
  @Nullable Double in(Map<String, Double> logs, Trainer trainer) {
    Double value = logs.get(name);
    if (value == null) {
      LOG.log(
          Level.WARNING,
          () -> where + ": \"" + name + "\" was not logged; there is " + logs.keySet());
      return null;
    }
    if (direction == Metric.Direction.UNKNOWN) {
      direction = trainer.direction(name.startsWith("val_") ? name.substring(4) : name);
    }
    if (direction == Metric.Direction.UNKNOWN) {
      throw Problem.in(where, "the metric does not tell whether more is better")
          .got("monitor=\"" + name + "\"")
          .fix("set mode to \"min\" or \"max\"")
          .asInvalidArgument();
    }
    return value;
  }

  /** Whether {@code value} is better than {@code best} by more than {@code minDelta}. */
  boolean better(double value, @Nullable Double best, double minDelta) {
    if (best == null) {
      return !Double.isNaN(value);
    }
    return direction == Metric.Direction.UP
        ? value - Math.abs(minDelta) > best
        : value + Math.abs(minDelta) < best;
  }
}
