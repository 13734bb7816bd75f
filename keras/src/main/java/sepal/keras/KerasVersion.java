package sepal.keras;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of Keras that wrote a file. */
final class KerasVersion {
  private KerasVersion() {}

  /** The major version of a text such as {@code 2.1.6-tf}; 1 where there is none. */
  static int major(@Nullable String version) {
    Matcher number = Pattern.compile("(\\d{1,4})\\b.*").matcher(version == null ? "" : version);
    return number.matches() ? Integer.parseInt(number.group(1)) : 1;
  }
}
