package sepal.config;

import java.util.Locale;

/** Keras' two spellings of a name, and Java's. */
public final class Names {
  private Names() {}

  /**
   * The base of automatic layer names: {@code SeparableConv2D} gives {@code separable_conv2d},
   * {@code ReLU} gives {@code re_lu}.
   *
   * @see "Keras 3.16, keras.src.utils.naming.to_snake_case"
   */
  public static String snakeCase(String className) {
    return className
        .replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * {@code depthMultiplier} gives {@code depth_multiplier}, {@code synchronized_} gives {@code
   * synchronized}: a trailing underscore keeps Java's own words apart.
   */
  public static String keyOf(String javaName) {
    return javaName.replaceAll("_$", "").replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
