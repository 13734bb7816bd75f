package sepal.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Keras' two spellings of a name, and Java's. */
public final class Names {
  private static final Pattern NO_LETTERS = Pattern.compile("\\W+");
  private static final Pattern LAST_CAPITAL = Pattern.compile("(.)([A-Z][a-z]+)");
  private static final Pattern FIRST_CAPITAL = Pattern.compile("([a-z])([A-Z])");
  private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

  private Names() {}

  /**
   * The base of automatic layer names: {@code SeparableConv2D} gives {@code separable_conv2d},
   * {@code ReLU} gives {@code re_lu}.
   *
   * @see "Keras 3.16, keras.src.utils.naming.to_snake_case"
   */
  public static String snakeCase(String className) {
    String letters = NO_LETTERS.matcher(className).replaceAll("");
    String words = LAST_CAPITAL.matcher(letters).replaceAll("$1_$2");
    return FIRST_CAPITAL.matcher(words).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
  }

  /**
   * {@code depthMultiplier} gives {@code depth_multiplier}, {@code synchronized_} gives {@code
   * synchronized}: a trailing underscore keeps Java's own words apart.
   */
  public static String keyOf(String javaName) {
    String word = javaName.endsWith("_") ? javaName.substring(0, javaName.length() - 1) : javaName;
    return CAPITAL.matcher(word).replaceAll("_$1").toLowerCase(Locale.ROOT);
  }
}
