package sepal.config;

import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.DataFormat;
import sepal.tensor.DTypePolicy;

/**
 * The settings that Keras keeps for the whole process. They start from {@code keras.json} where the
 * module that reads it ({@code sepal-keras}) is present, else from Keras' defaults; each is read at
 * its first use and may be set in code. Nothing is ever written.
 */
public final class KerasConfig {
  private static final double DEFAULT_EPSILON = 1e-7;

  private static volatile @Nullable DataFormat imageDataFormat;
  private static volatile @Nullable DTypePolicy floatx;
  private static volatile double epsilon = Double.NaN;

  private static volatile @Nullable Source source;

  private KerasConfig() {}

  /**
   * Where the settings come from at the first use; found by {@link ServiceLoader} unless it was
   * set.
   */
  public interface Source {
    /** The data format of layers that name none, or null if the source does not say. */
    @Nullable DataFormat imageDataFormat();

    /** The dtype of layers that name none, or null if the source does not say. */
    default @Nullable DTypePolicy floatx() {
      return null;
    }

    /** What keeps divisions and logarithms away from zero, or null if the source does not say. */
    default @Nullable Double epsilon() {
      return null;
    }
  }

  /**
   * The data format of layers that name none: channels_last unless {@code keras.json} says other.
   *
   * @throws IllegalArgumentException if {@code keras.json} has a wrong value
   */
  public static DataFormat imageDataFormat() {
    DataFormat format = imageDataFormat;
    if (format == null) {
      format = find(Source::imageDataFormat, DataFormat.CHANNELS_LAST);
      imageDataFormat = format;
    }
    return format;
  }

  /** Overrides {@code keras.json} for layers made from now on; null goes back to it. */
  public static void setImageDataFormat(@Nullable DataFormat format) {
    imageDataFormat = format;
  }

  /**
   * The dtype of layers that name none: float32 unless {@code keras.json} says other.
   *
   * @throws IllegalArgumentException if {@code keras.json} has a wrong value
   */
  public static DTypePolicy floatx() {
    DTypePolicy policy = floatx;
    if (policy == null) {
      policy = find(Source::floatx, DTypePolicy.FLOAT32);
      floatx = policy;
    }
    return policy;
  }

  /** Overrides {@code keras.json} for layers made from now on; null goes back to it. */
  public static void setFloatx(@Nullable String name) {
    floatx = name == null ? null : DTypePolicy.of("KerasConfig.setFloatx", name);
  }

  /**
   * What losses, metrics and constraints add or clip to, so that nothing is divided by zero: 1e-7
   * unless {@code keras.json} says other.
   *
   * @throws IllegalArgumentException if {@code keras.json} has a wrong value
   */
  public static double epsilon() {
    double value = epsilon;
    if (Double.isNaN(value)) {
      value = find(Source::epsilon, DEFAULT_EPSILON);
      epsilon = value;
    }
    return value;
  }

  /** Overrides {@code keras.json} from now on; null goes back to it. */
  public static void setEpsilon(@Nullable Double value) {
    if (value != null && !(value > 0)) {
      throw Problem.in("KerasConfig.setEpsilon", "epsilon must be positive")
          .got("epsilon=" + value)
          .expected("a small number such as 1e-7")
          .asInvalidArgument();
    }
    epsilon = value == null ? Double.NaN : value;
  }

  /**
   * Asks this source and no other from now on, for who knows where the settings are: {@link
   * ServiceLoader} looks through all jars of the class path.
   */
  public static void setSource(Source settings) {
    source = settings;
  }

  private static <T> T find(Function<Source, @Nullable T> setting, T otherwise) {
    Source known = source;
    for (Source source : known == null ? ServiceLoader.load(Source.class) : List.of(known)) {
      T found = setting.apply(source);
      if (found != null) {
        return found;
      }
    }
    return otherwise;
  }
}
