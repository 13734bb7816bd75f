package sepal.shape;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * Rows and columns around an image, or off it where negative.
 *
 * @param top rows above
 * @param bottom rows below
 * @param left columns on the left
 * @param right columns on the right
 */
public record Margins(int top, int bottom, int left, int right) {

  /** The same margins on both sides. */
  public static Margins of(int height, int width) {
    return new Margins(height, height, width, width);
  }

  /**
   * The margins that Keras' argument stands for.
   *
   * @param where who asks, for the error message
   * @param argument the name of the argument, for the error message
   * @param value an integer for all sides; (height, width); or ((top, bottom), (left, right))
   * @throws IllegalArgumentException if it is none of these
   */
  public static Margins of(String where, String argument, Object value) {
    if (value instanceof Margins margins) {
      return margins;
    }
    if (value instanceof List<?> list && list.size() == 2) {
      int[] rows = pair(list.get(0));
      int[] columns = pair(list.get(1));
      boolean single = list.get(0) instanceof Number && list.get(1) instanceof Number;
      boolean pairs = list.get(0) instanceof List<?> && list.get(1) instanceof List<?>;
      if (rows != null && columns != null && (single || pairs)) {
        return new Margins(rows[0], rows[1], columns[0], columns[1]);
      }
    } else if (value instanceof Number) {
      int[] all = pair(value);
      if (all != null) {
        return of(all[0], all[0]);
      }
    }
    throw Problem.in(where, "wrong form of " + argument)
        .got(argument + "=" + value)
        .expected("an integer, (height, width), or ((top, bottom), (left, right))")
        .asInvalidArgument();
  }

  /** Two integers, or one for both; null for anything else. */
  private static int @Nullable [] pair(@Nullable Object value) {
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return new int[] {number.intValue(), number.intValue()};
    }
    return value instanceof List<?> list
            && list.size() == 2
            && list.get(0) instanceof Number first
            && list.get(1) instanceof Number second
            && first.doubleValue() == first.intValue()
            && second.doubleValue() == second.intValue()
        ? new int[] {first.intValue(), second.intValue()}
        : null;
  }

  /** True if no side is below 0. */
  public boolean areNotNegative() {
    return top >= 0 && bottom >= 0 && left >= 0 && right >= 0;
  }

  /** Off the image instead of around it, or the reverse. */
  public Margins negated() {
    return new Margins(-top, -bottom, -left, -right);
  }

  /**
   * The shape of images with these margins; unknown sizes stay unknown.
   *
   * @param where who asks, for the error message
   * @param images a shape of four axes
   * @throws IllegalArgumentException if nothing would be left of an image
   */
  public Shape around(String where, Shape images, DataFormat dataFormat) {
    int rows = dataFormat.firstSpatialAxis();
    Shape result =
        images
            .with(rows, grow(images.get(rows), top, bottom))
            .with(rows + 1, grow(images.get(rows + 1), left, right));
    for (int axis = rows; axis < rows + 2; axis++) {
      if (images.get(axis) > 0 && result.get(axis) == 0) {
        throw Problem.in(where, "nothing is left of the images")
            .got("input " + images + ", " + negated() + " taken off")
            .expected("sizes above the sum of what is taken off")
            .asInvalidArgument();
      }
    }
    return result;
  }

  private static int grow(int size, int before, int after) {
    if (size == Shape.UNKNOWN) {
      return size;
    }
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (long) size + before + after));
  }

  /** As Keras writes it: {@code [[top, bottom], [left, right]]}. */
  public List<List<Integer>> toList() {
    return List.of(List.of(top, bottom), List.of(left, right));
  }

  /** As Python prints it: {@code ((1, 1), (2, 2))}. */
  @Override
  public String toString() {
    return "((" + top + ", " + bottom + "), (" + left + ", " + right + "))";
  }
}
