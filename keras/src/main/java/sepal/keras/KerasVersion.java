package sepal.keras;

import org.jspecify.annotations.Nullable;

/** The version of Keras that wrote a file. */
final class KerasVersion {
  private static final int MOST_DIGITS = 4;

  private KerasVersion() {}

  /** The major version of a text such as {@code 2.1.6-tf}; 1 where there is none. */
  static int major(@Nullable String version) {
    String text = version == null ? "" : version;
    int end = 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end == 0 || end > MOST_DIGITS ? 1 : Integer.parseInt(text.substring(0, end));
  }
}
