package sepal.testkit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/** Collects by how much tensors differ from the recorded ones, and where most. */
final class Difference {
  private static final double TOLERANCE = 1e-5;

  private final boolean exact;
  private final double tolerance;
  private double greatest;
  private @Nullable String where;
  private long compared;
  private long wrong;
  private double greatestWrong = -1;
  private String worst = "";

  /** Of single calls: every bit, or 1e-5 absolutely plus 1e-5 relatively. */
  Difference(boolean exact) {
    this(exact, TOLERANCE);
  }

  /**
   * @param tolerance what is allowed absolutely, and relatively on top, unless every bit must match
   */
  Difference(boolean exact, double tolerance) {
    this.exact = exact;
    this.tolerance = tolerance;
  }

  /**
   * @param what the role of the tensor, for example {@code output 0}
   * @return the first reason why the two cannot be compared, or null
   */
  @Nullable String add(String what, Tensor actual, Tensor recorded) {
    if (!actual.shape().equals(recorded.shape())) {
      return what + " has shape " + actual.shape() + ", Keras: " + recorded.shape();
    }
    if (actual.dtype() != recorded.dtype()) {
      return what + " is " + actual.dtype() + ", Keras: " + recorded.dtype();
    }
    for (int i = 0; i < recorded.size(); i++) {
      add(what, i, actual.get(i), recorded.get(i), recorded);
    }
    compared += recorded.size();
    return null;
  }

  private void add(String what, int index, double actual, double recorded, Tensor tensor) {
    boolean same = Double.doubleToLongBits(actual) == Double.doubleToLongBits(recorded);
    double difference =
        same || actual == recorded
            ? 0
            : Double.isFinite(actual) && Double.isFinite(recorded)
                ? Math.abs(actual - recorded)
                : Double.POSITIVE_INFINITY;
    double allowed = exact ? 0 : tolerance * (1 + Math.abs(recorded));
    boolean right = same || (!exact && Double.isFinite(allowed) && difference <= allowed);
    if (difference > greatest) {
      greatest = difference;
      where = place(what, index, tensor);
    }
    if (!right) {
      wrong++;
      if (difference > greatestWrong) {
        greatestWrong = difference;
        worst =
            place(what, index, tensor)
                + ": got "
                + text(actual, tensor)
                + ", Keras "
                + text(recorded, tensor);
      }
    }
  }

  private static String place(String what, int index, Tensor tensor) {
    int[] dims = tensor.shape().toArray();
    int rest = index;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      int size = dims[axis];
      dims[axis] = rest % size;
      rest /= size;
    }
    return what
        + " at "
        + Arrays.stream(dims)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ", "(", dims.length == 1 ? ",)" : ")"));
  }

  private static String text(double value, Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT32 -> Float.toString((float) value);
      case FLOAT64 -> Double.toString(value);
      default -> Long.toString((long) value);
    };
  }

  GoldenResult result(String file, String kind) {
    String message =
        wrong == 0
            ? ""
            : wrong
                + " of "
                + compared
                + " numbers differ"
                + (exact ? " (every bit must match)" : "")
                + ", most by "
                + shortText(greatestWrong)
                + ", "
                + worst;
    return new GoldenResult(file, kind, wrong == 0, greatest, where, message);
  }

  /** Three digits are enough to see how far off it is. */
  private static String shortText(double difference) {
    return Double.isInfinite(difference)
        ? "infinity"
        : String.format(Locale.ROOT, "%.3g", difference);
  }
}
