package sepal.keras;

import org.jspecify.annotations.Nullable;

/** The version of Keras that wrote a file. */
final class KerasVersion {
  private KerasVersion() {}

  /** The major version of a text such as {@code 2.1.6-tf}; 1 where there is none. */
  static int major(@Nullable String version) {
    if (version == null || version.isEmpty() || !Character.isDigit(version.charAt(0))) {
      return 1;
    }
    return version.charAt(0) - '0';
  }
}
