package sepal.shape;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sepal.check.Check;
import sepal.check.Problem;

/** How the border of the input is treated. */
public enum Padding {
  /** No padding: the window stays inside the input. */
  VALID,
  /** Zeros are added, half before and half after (the odd one after): output = ceil(n / stride). */
  SAME,
  /**
   * Zeros are added before only, so that no output sees a later input: output = ceil(n / stride).
   */
  CAUSAL;

  /** What layers without an order in time know. */
  public static final List<Padding> SYMMETRIC = List.of(VALID, SAME);

  /**
   * @param where who asks, for the error message
   * @param name {@code valid} or {@code same}, in any letter case
   */
  public static Padding of(String where, String name) {
    return of(where, name, SYMMETRIC);
  }

  /**
   * @param where who asks, for the error message
   * @param name one of {@code known}, in any letter case
   * @param known at least two
   */
  public static Padding of(String where, String name, List<Padding> known) {
    for (Padding padding : known) {
      if (padding.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return padding;
      }
    }
    List<String> names = known.stream().map(Padding::toString).toList();
    throw Problem.in(where, "unknown padding")
        .got("padding=\"" + name + "\"" + Check.didYouMean(name, names))
        .expected(names(known) + ", in any letter case")
        .asInvalidArgument();
  }

  /** For messages: {@code "valid", "same" or "causal"}. */
  public static String names(List<Padding> paddings) {
    return paddings.stream()
        .map(padding -> "\"" + padding + "\"")
        .collect(Collectors.joining(", "))
        .replaceFirst(", (\\S+)$", " or $1");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
