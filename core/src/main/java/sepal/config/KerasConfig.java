package sepal.config;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import sepal.shape.DataFormat;

/**
 * The settings that Keras keeps for the whole process. They start from {@code keras.json} where the
 * module that reads it ({@code sepal-keras}) is present, else from Keras' defaults.
 */
public final class KerasConfig {
  private static volatile @Nullable DataFormat imageDataFormat;

  private KerasConfig() {}

  /** Where the settings come from at the first use; found by {@link ServiceLoader}. */
  public interface Source {
    /** The data format of layers that name none, or null if the source does not say. */
    @Nullable DataFormat imageDataFormat();
  }

  /**
   * The data format of layers that name none: channels_last unless {@code keras.json} says other.
   */
  public static DataFormat imageDataFormat() {
    DataFormat format = imageDataFormat;
    if (format == null) {
      format =
          ServiceLoader.load(Source.class).stream()
              .map(provider -> provider.get().imageDataFormat())
              .filter(java.util.Objects::nonNull)
              .findFirst()
              .orElse(DataFormat.CHANNELS_LAST);
      imageDataFormat = format;
    }
    return format;
  }

  /** Overrides {@code keras.json} for layers made from now on; null goes back to it. */
  public static void setImageDataFormat(@Nullable DataFormat format) {
    imageDataFormat = format;
  }
}
