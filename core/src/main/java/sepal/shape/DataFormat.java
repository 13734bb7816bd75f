package sepal.shape;

import java.util.List;
import java.util.Locale;
import sepal.check.Check;
import sepal.check.Problem;

/** Where the channels stand among the axes of an image batch. */
public enum DataFormat {
  /** (batch, spatial..., channels) */
  CHANNELS_LAST,
  /** (batch, channels, spatial...) */
  CHANNELS_FIRST;

  /**
   * @param where who asks, for the error message
   * @param name {@code channels_last} or {@code channels_first}, in any letter case
   */
  public static DataFormat of(String where, String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "channels_last" -> CHANNELS_LAST;
      case "channels_first" -> CHANNELS_FIRST;
      default ->
          throw Problem.in(where, "unknown data format")
              .got(
                  "dataFormat=\""
                      + name
                      + "\""
                      + Check.didYouMean(name, List.of("channels_last", "channels_first")))
              .expected("\"channels_last\" or \"channels_first\"")
              .asInvalidArgument();
    };
  }

  /** The channel axis of a tensor of {@code rank} axes. */
  public int channelAxis(int rank) {
    return this == CHANNELS_LAST ? rank - 1 : 1;
  }

  /** The first spatial axis. */
  public int firstSpatialAxis() {
    return this == CHANNELS_LAST ? 1 : 2;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
