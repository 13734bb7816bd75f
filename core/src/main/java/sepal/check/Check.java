package sepal.check;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** The one place where arguments are judged. */
public final class Check {
  private Check() {}

  /** Passes {@code value} on if it is 1 or more. */
  public static int positive(String where, String argument, int value) {
    if (value < 1) {
      throw Problem.in(where, argument + " must be a positive integer")
          .got(argument + "=" + value)
          .expected("1 or more")
          .asInvalidArgument();
    }
    return value;
  }

  /** What is allowed, for error messages: "one of a, b", cut off after the first 20. */
  public static String oneOf(Collection<String> names) {
    String first = names.stream().limit(20).collect(Collectors.joining(", ", "one of ", ""));
    return names.size() <= 20 ? first : first + ", and " + (names.size() - 20) + " more";
  }

  /** The suffix " (did you mean x?)" for the known name nearest to {@code given}, or nothing. */
  public static String didYouMean(String given, Collection<String> known) {
    String nearest = "";
    int best = Math.max(1, given.length() / 3) + 1;
    for (String name : known) {
      int distance = distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < best) {
        best = distance;
        nearest = name;
      }
    }
    return nearest.isEmpty() ? "" : " (did you mean \"" + nearest + "\"?)";
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
