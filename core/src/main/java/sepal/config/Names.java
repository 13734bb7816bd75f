package sepal.config;

import java.util.Locale;

/**
 * Keras' two spellings of a name, and Java's. By hand, as a process that starts takes long to make
 * regular expressions.
 */
public final class Names {
  private Names() {}

  /**
   * The base of automatic layer names: {@code SeparableConv2D} gives {@code separable_conv2d},
   * {@code ReLU} gives {@code re_lu}.
   *
   * @see "Keras 3.16, keras.src.utils.naming.to_snake_case"
   */
  public static String snakeCase(String className) {
    StringBuilder words = new StringBuilder(className);
    for (int i = words.length() - 1; i >= 0; i--) {
      if (!isPartOfName(words.charAt(i))) {
        words.deleteCharAt(i);
      }
    }
    for (int i = words.length() - 1; i > 0; i--) {
      boolean isSmallBeside =
          isSmall(words.charAt(i - 1)) || i + 1 < words.length() && isSmall(words.charAt(i + 1));
      if (isCapital(words.charAt(i)) && isSmallBeside) {
        words.insert(i, '_');
      }
    }
    return words.toString().toLowerCase(Locale.ROOT);
  }

  /**
   * {@code depthMultiplier} gives {@code depth_multiplier}, {@code synchronized_} gives {@code
   * synchronized}: a trailing underscore keeps Java's own words apart.
   */
  public static String keyOf(String javaName) {
    String word = javaName.endsWith("_") ? javaName.substring(0, javaName.length() - 1) : javaName;
    StringBuilder key = new StringBuilder(word);
    for (int i = word.length() - 1; i >= 0; i--) {
      if (isCapital(word.charAt(i))) {
        key.insert(i, '_');
      }
    }
    return key.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isPartOfName(char c) {
    return isSmall(c) || isCapital(c) || c >= '0' && c <= '9' || c == '_';
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
