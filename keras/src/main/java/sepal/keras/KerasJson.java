package sepal.keras;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.KerasConfig;
import sepal.shape.DataFormat;
import sepal.tensor.DTypePolicy;

/**
 * The settings in {@code $KERAS_HOME/keras.json}, else {@code ~/.keras/keras.json}. A file that is
 * missing or cannot be read means Keras' defaults; no file is ever written.
 */
public final class KerasJson implements KerasConfig.Source {
  private static final int LONGEST = 1 << 20;

  private final Path file;

  /** The file of this user; for {@code ServiceLoader}. */
  public KerasJson() {
    this(file(System.getenv("KERAS_HOME"), System.getProperty("user.home", "")));
  }

  KerasJson(Path file) {
    this.file = file;
  }

  static Path file(@Nullable String kerasHome, String userHome) {
    return (kerasHome == null || kerasHome.isEmpty()
            ? Path.of(userHome, ".keras")
            : Path.of(kerasHome))
        .resolve("keras.json");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the file is sound and the value is not
   */
  @Override
  public @Nullable DataFormat imageDataFormat() {
    Map<String, @Nullable Object> settings = read();
    Object format = settings.get("image_data_format");
    if (format != null) {
      return DataFormat.of(
          file.toString(), Config.asText(file.toString(), "image_data_format", format));
    }
    Object ordering = settings.get("image_dim_ordering"); // Keras 1
    if (ordering == null) {
      return null;
    }
    if (ordering.equals("th")) {
      return DataFormat.CHANNELS_FIRST;
    }
    if (ordering.equals("tf")) {
      return DataFormat.CHANNELS_LAST;
    }
    throw Config.wrong(file.toString(), "image_dim_ordering", ordering, "\"tf\" or \"th\"");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the file is sound and the value is not
   * @throws UnsupportedOperationException for half precision
   */
  @Override
  public @Nullable DTypePolicy floatx() {
    Object name = read().get("floatx");
    return name == null
        ? null
        : DTypePolicy.of(file.toString(), Config.asText(file.toString(), "floatx", name));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the file is sound and the value is not
   */
  @Override
  public @Nullable Double epsilon() {
    Object epsilon = read().get("epsilon");
    if (epsilon == null) {
      return null;
    }
    double value = Config.asNumber(file.toString(), "epsilon", epsilon).doubleValue();
    if (!(value > 0)) {
      throw Config.wrong(file.toString(), "epsilon", epsilon, "a positive number");
    }
    return value;
  }

  private Map<String, @Nullable Object> read() {
    try {
      if (!Files.isRegularFile(file)) {
        return Map.of();
      }
      if (Files.size(file) > LONGEST) {
        throw new IOException("longer than " + LONGEST + " bytes");
      }
      return Json.parseObject(file.toString(), Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      System.getLogger(KerasJson.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "{0} cannot be read, so Keras'' defaults hold: {1}",
              file,
              String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", "; "));
      return Map.of();
    }
  }
}
