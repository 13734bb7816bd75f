package sepal.check;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, told in one form everywhere: where, what, got, expected, and how to mend it.
 *
 * <pre>
 * SeparableConv2D "sep_3": wrong number of input channels
 *   got:      4   (input (8, 64, 64, 4), channels_last)
 *   expected: 3   (built on (null, 64, 64, 3))
 *   fix:      feed 3-channel input, or build a new layer for 4
 * </pre>
 *
 * @param where the layer, file or method concerned, for example {@code SeparableConv2D "sep_3"}
 * @param what the rule that was broken, in a few words
 * @param got what was received, or null where that says nothing
 * @param expected what would have been accepted, or null
 * @param fix what the caller can do, or null
 */
public record Problem(
    String where,
    String what,
    @Nullable String got,
    @Nullable String expected,
    @Nullable String fix) {

  /** Values come from files too, where they may be of any length. */
  private static final int LONGEST = 1000;

  /** A problem of {@code where}, with {@code what} is wrong in a few words. */
  public static Problem in(String where, String what) {
    return new Problem(where, what, null, null, null);
  }

  /** Adds what was given. */
  public Problem got(@Nullable Object value) {
    return new Problem(where, what, String.valueOf(value), expected, fix);
  }

  /** Adds what would have been right. */
  public Problem expected(String rule) {
    return new Problem(where, what, got, rule, fix);
  }

  /** Adds how to mend it. */
  public Problem fix(String advice) {
    return new Problem(where, what, got, expected, advice);
  }

  /** The same problem, met on the way from {@code outer}. */
  public InvalidArgument within(String outer) {
    return new Problem(outer + ", " + where, what, got, expected, fix).asInvalidArgument();
  }

  /** For a bad argument or a bad file (Keras: ValueError, TypeError). */
  public InvalidArgument asInvalidArgument() {
    return new InvalidArgument(this, null);
  }

  /** For a bad argument or a bad file that another exception revealed. */
  public InvalidArgument asInvalidArgument(Throwable cause) {
    return new InvalidArgument(this, cause);
  }

  /** For a call that comes at the wrong time (Keras: AttributeError, RuntimeError). */
  public IllegalStateException asIllegalState() {
    return new IllegalStateException(message());
  }

  /** For what Sepal does not do (Keras: NotImplementedError). */
  public UnsupportedOperationException asUnsupported() {
    return new UnsupportedOperationException(message());
  }

  /**
   * The text above: the first line always, the others where they are known; what is longer than a
   * thousand letters is cut.
   */
  public String message() {
    StringBuilder text = new StringBuilder(cut(where)).append(": ").append(cut(what));
    line(text, "got:      ", got);
    line(text, "expected: ", expected);
    line(text, "fix:      ", fix);
    return text.toString();
  }

  private static void line(StringBuilder text, String label, @Nullable String value) {
    if (value != null) {
      text.append("\n  ").append(label).append(cut(value));
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }
}
