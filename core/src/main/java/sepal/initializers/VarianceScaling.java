package sepal.initializers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.shape.Fans;
import sepal.shape.Shape;

/**
 * Values with the variance {@code scale / n}, where n is the fan-in, the fan-out or their average,
 * and at least 1.
 *
 * @see "Keras 3.16, keras.initializers.VarianceScaling"
 */
public class VarianceScaling extends RandomInitializer {
  /** The standard deviation of a standard normal distribution that is cut off at 2. */
  private static final double TRUNCATED_STDDEV = 0.87962566103423978;

  private static final List<String> MODES = List.of("fan_in", "fan_out", "fan_avg");
  private static final List<String> DISTRIBUTIONS =
      List.of("truncated_normal", "untruncated_normal", "uniform");

  private final double scale;
  private final String mode;
  private final String distribution;
  private final @Nullable List<Integer> inputAxes;
  private final @Nullable List<Integer> outputAxes;

  /** With Keras' defaults. */
  public VarianceScaling() {
    this(1, "fan_in", "truncated_normal");
  }

  /** With the usual fans. */
  public VarianceScaling(double scale, String mode, String distribution) {
    this(scale, mode, distribution, null, null, null);
  }

  /** With the usual fans and the same values every time. */
  public VarianceScaling(double scale, String mode, String distribution, long seed) {
    this(scale, mode, distribution, seed, null, null);
  }

  /**
   * @param scale positive, 1 unless given
   * @param mode what n is: {@code fan_in} (unless given), {@code fan_out} or {@code fan_avg}
   * @param distribution {@code truncated_normal} (unless given; also spelled {@code normal}),
   *     {@code untruncated_normal} or {@code uniform}
   * @param seed null for a seed drawn once for this object
   * @param inputAxes the axes whose sizes multiply to the fan-in; null, and then outputAxes too,
   *     for the usual count
   * @param outputAxes likewise for the fan-out
   * @throws IllegalArgumentException if an argument is none of these
   */
  public VarianceScaling(
      double scale,
      String mode,
      String distribution,
      @Nullable Long seed,
      @Nullable List<Integer> inputAxes,
      @Nullable List<Integer> outputAxes) {
    super(seed);
    if (!(scale > 0)) {
      throw Problem.in(className(), "scale must be positive")
          .got("scale=" + scale)
          .expected("a number above 0")
          .asInvalidArgument();
    }
    if ((inputAxes == null) != (outputAxes == null)) {
      throw Problem.in(className(), "input_axes and output_axes belong together")
          .got("input_axes=" + inputAxes + ", output_axes=" + outputAxes)
          .expected("both, or neither")
          .asInvalidArgument();
    }
    String lower = distribution.toLowerCase(Locale.ROOT);
    this.scale = scale;
    this.mode = oneOf("mode", mode, MODES);
    this.distribution =
        lower.equals("normal") ? "truncated_normal" : oneOf("distribution", lower, DISTRIBUTIONS);
    this.inputAxes = inputAxes == null ? null : List.copyOf(inputAxes);
    this.outputAxes = outputAxes == null ? null : List.copyOf(outputAxes);
  }

  private String oneOf(String argument, String value, List<String> known) {
    if (!known.contains(value)) {
      throw Problem.in(className(), "unknown " + argument)
          .got(argument + "=\"" + value + "\"" + Check.didYouMean(value, known))
          .expected("one of " + String.join(", ", known))
          .asInvalidArgument();
    }
    return value;
  }

  @Override
  final DoubleSupplier values(Shape shape, RandomStream random) {
    Fans fans = Fans.of(className(), shape, inputAxes, outputAxes);
    double n =
        switch (mode) {
          case "fan_in" -> fans.in();
          case "fan_out" -> fans.out();
          default -> (fans.in() + fans.out()) / 2;
        };
    double variance = scale / Math.max(1, n);
    if (distribution.equals("uniform")) {
      double limit = Math.sqrt(3 * variance);
      return () -> limit * (2 * random.uniform() - 1);
    }
    if (distribution.equals("untruncated_normal")) {
      double stddev = Math.sqrt(variance);
      return () -> stddev * random.normal();
    }
    double stddev = Math.sqrt(variance) / TRUNCATED_STDDEV;
    return () -> stddev * random.truncatedNormal();
  }

  @Override
  public final Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("seed", seed());
    if (getClass() == VarianceScaling.class) {
      config.put("scale", scale);
      config.put("mode", mode);
      config.put("distribution", distribution);
    }
    config.put("input_axes", inputAxes);
    config.put("output_axes", outputAxes);
    return config;
  }
}
