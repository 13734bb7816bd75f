package sepal.testkit;

import org.jspecify.annotations.Nullable;

/**
 * What came of one golden case.
 *
 * @param file the file that holds the case
 * @param kind the kind of case that the file names, or {@code unknown}
 * @param passed whether everything that was recorded came out again
 * @param difference the greatest difference between a number and the recorded one; infinite where
 *     only one of them is a number; 0 if nothing was compared
 * @param where the place of that difference, for example {@code output 0 at (1, 2, 0)}, or null if
 *     nothing differs
 * @param message why it failed, in one line; empty if it passed
 */
public record GoldenResult(
    String file,
    String kind,
    boolean passed,
    double difference,
    @Nullable String where,
    String message) {

  static GoldenResult failed(String file, String kind, String message) {
    return new GoldenResult(file, kind, false, 0, null, message);
  }

  /** One line: the file, and what failed. */
  @Override
  public String toString() {
    return (passed ? "passed  " : "FAILED  ") + file + (passed ? "" : ": " + message);
  }
}
