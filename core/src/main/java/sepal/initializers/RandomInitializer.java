package sepal.initializers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Draws values from a seeded stream. Without a seed, one is drawn once for the object: as in Keras,
 * the same object gives the same values at each call. Objects are equal if their configurations
 * are.
 */
abstract class RandomInitializer implements BuiltIn {
  private final @Nullable Long seed;
  private final long streamSeed;

  RandomInitializer(@Nullable Long seed) {
    this.seed = seed;
    streamSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong();
  }

  /** The seed that was given, or null. */
  public final @Nullable Long seed() {
    return seed;
  }

  /** The values for a weight of this shape, one after the other. */
  abstract DoubleSupplier values(Shape shape, RandomStream random);

  /**
   * The float32 values are the float64 values, rounded.
   *
   * @throws IllegalArgumentException if {@code dtype} is not floating
   */
  @Override
  public final Tensor apply(Shape shape, DType dtype) {
    if (!dtype.isFloating()) {
      throw Problem.in(className(), "random weights are floating-point numbers")
          .got("dtype=" + dtype)
          .expected("float32 or float64")
          .asInvalidArgument();
    }
    DoubleSupplier values = values(shape, new RandomStream(streamSeed));
    double[] data = new double[shape.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = values.getAsDouble();
    }
    return Tensor.wrap(data, shape).cast(dtype);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("seed", seed);
    return config;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof RandomInitializer initializer
        && getClass() == other.getClass()
        && getConfig().equals(initializer.getConfig());
  }

  @Override
  public final int hashCode() {
    return getConfig().hashCode();
  }

  @Override
  public final String toString() {
    return className() + getConfig();
  }
}
