package sepal.shape;

import java.util.Locale;
import sepal.check.Check;
import sepal.check.Problem;

/** How the border of the input is treated. */
public enum Padding {
  /** No padding: the window stays inside the input. */
  VALID,
  /** Zeros are added, half before and half after (the odd one after): output = ceil(n / stride). */
  SAME;

  /**
   * @param where who asks, for the error message
   * @param name {@code valid} or {@code same}, in any letter case
   */
  public static Padding of(String where, String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "valid" -> VALID;
      case "same" -> SAME;
      default ->
          throw Problem.in(where, "unknown padding")
              .got(
                  "padding=\""
                      + name
                      + "\""
                      + Check.didYouMean(name, java.util.List.of("valid", "same")))
              .expected("\"valid\" or \"same\", in any letter case")
              .asInvalidArgument();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
