package sepal.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * What lies around an input on its spatial axes, or is taken off it where negative: rows and
 * columns of images, steps of sequences.
 *
 * @param before the number at the beginning of each spatial axis
 * @param after the number at its end
 */
public record Margins(Dims before, Dims after) {
  private static final List<String> FORMS =
      List.of(
          "an integer, or (before, after)",
          "an integer, (height, width), or ((top, bottom), (left, right))",
          "an integer, (depth, height, width), or ((front, back), (top, bottom), (left, right))");

  private static final List<String> INPUTS = List.of("sequences", "images", "volumes");

  /** The numbers before and after each spatial axis, in that order: (top, bottom, left, right). */
  public static Margins of(int... sides) {
    int rank = sides.length / 2;
    return new Margins(
        Dims.of(IntStream.range(0, rank).map(axis -> sides[2 * axis]).toArray()),
        Dims.of(IntStream.range(0, rank).map(axis -> sides[2 * axis + 1]).toArray()));
  }

  /**
   * The margins that Keras' argument stands for.
   *
   * @param where who asks, for the error message
   * @param argument the name of the argument, for the error message
   * @param rank the number of spatial axes
   * @param value an integer for all sides; one for each axis if there are several; or (before,
   *     after) for each axis
   * @throws IllegalArgumentException if it is none of these
   */
  public static Margins of(String where, String argument, int rank, Object value) {
    if (value instanceof Margins margins && margins.rank() == rank) {
      return margins;
    }
    List<?> axes = List.of();
    if (value instanceof Number) {
      axes = IntStream.range(0, rank).mapToObj(axis -> value).toList();
    } else if (value instanceof List<?> list) {
      axes = rank == 1 ? List.of(list) : list;
    }
    int[] sides = new int[2 * rank];
    boolean fits = axes.size() == rank;
    for (int axis = 0; fits && axis < rank; axis++) {
      int[] pair = pair(axes.get(axis));
      fits = pair != null && axes.get(axis) instanceof Number == axes.get(0) instanceof Number;
      if (fits && pair != null) {
        System.arraycopy(pair, 0, sides, 2 * axis, 2);
      }
    }
    if (!fits) {
      throw Problem.in(where, "wrong form of " + argument)
          .got(argument + "=" + value)
          .expected(FORMS.get(rank - 1))
          .asInvalidArgument();
    }
    return of(sides);
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

  /** The number of spatial axes. */
  public int rank() {
    return before.rank();
  }

  /** True if no side is below 0. */
  public boolean areNotNegative() {
    return before.min() >= 0 && after.min() >= 0;
  }

  /** Off the input instead of around it, or the reverse. */
  public Margins negated() {
    return new Margins(negated(before), negated(after));
  }

  private static Dims negated(Dims sizes) {
    return Dims.of(Arrays.stream(sizes.toArray()).map(size -> -size).toArray());
  }

  /**
   * The shape of inputs with these margins; unknown sizes stay unknown.
   *
   * @param where who asks, for the error message
   * @param input a shape of two axes more than there are spatial ones
   * @throws IllegalArgumentException if nothing would be left of an input
   */
  public Shape around(String where, Shape input, DataFormat dataFormat) {
    Shape result = input;
    for (int axis = 0; axis < rank(); axis++) {
      int at = dataFormat.firstSpatialAxis() + axis;
      result = result.with(at, grow(input.get(at), before.get(axis), after.get(axis)));
    }
    for (int at = 0; at < input.rank(); at++) {
      if (input.get(at) > 0 && result.get(at) == 0) {
        throw Problem.in(where, "nothing is left of the " + INPUTS.get(rank() - 1))
            .got("input " + input + ", " + negated() + " taken off")
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

  /** As Keras writes it: {@code [[top, bottom], [left, right]]}, and {@code [before, after]}. */
  public List<?> toList() {
    List<List<Integer>> pairs = new ArrayList<>();
    for (int axis = 0; axis < rank(); axis++) {
      pairs.add(List.of(before.get(axis), after.get(axis)));
    }
    return rank() == 1 ? pairs.get(0) : pairs;
  }

  /** As Python prints it: {@code ((1, 1), (2, 2))}, and {@code (1, 1)}. */
  @Override
  public String toString() {
    String pairs =
        IntStream.range(0, rank())
            .mapToObj(axis -> "(" + before.get(axis) + ", " + after.get(axis) + ")")
            .collect(Collectors.joining(", "));
    return rank() == 1 ? pairs : "(" + pairs + ")";
  }
}
