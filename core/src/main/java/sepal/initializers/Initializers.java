package sepal.initializers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.config.Registry;
import sepal.tensor.Tensor;

/** The initializers by name: Keras' own and those that users register. */
public final class Initializers {
  static final Registry<Initializer> REGISTRY = new Registry<>("initializer", Initializer.class);

  /** Names in files: the name of the class, and further ones. */
  private static final String[][] BUILT_IN = {
    {"Zeros", "zero"},
    {"Ones", "one"},
    {"Constant"},
    {"Identity", "IdentityInitializer"},
    {"RandomNormal", "normal"},
    {"TruncatedNormal"},
    {"RandomUniform", "uniform"},
    {"VarianceScaling"},
    {"GlorotUniform"},
    {"GlorotNormal"},
    {"HeUniform"},
    {"HeNormal"},
    {"LecunUniform"},
    {"LecunNormal"},
    {"Orthogonal", "OrthogonalInitializer"}
  };

  static {
    for (String[] names : BUILT_IN) {
      String[] aliases = Arrays.copyOfRange(names, 1, names.length);
      REGISTRY.register(names[0], new Factory(names[0]), aliases);
    }
  }

  private Initializers() {}

  /**
   * The initializer that an identifier stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null; an {@link Initializer}; its class; a name such as {@code
   *     GlorotUniform}, {@code glorot_uniform} or {@code normal}; a configuration as Keras 2 or 3
   *     writes it; or a {@link Tensor} with the values themselves, of the weight's shape
   * @return null for null
   * @throws IllegalArgumentException if it is none of these
   */
  public static @Nullable Initializer get(String where, @Nullable Object identifier) {
    return identifier instanceof Tensor values
        ? fixed(where, values)
        : REGISTRY.get(where, identifier);
  }

  /**
   * Makes a class of initializers known, so that it can be saved and loaded.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Initializer> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /** Makes one initializer, typically a lambda, known, so that it can be saved and loaded. */
  public static void registerFunction(String name, Initializer function) {
    REGISTRY.registerFunction(name, function);
  }

  private static Initializer fixed(String where, Tensor values) {
    return (shape, dtype) -> {
      if (!shape.equals(values.shape())) {
        throw Problem.in(where, "the given values have another shape than the weight")
            .got(values.shape())
            .expected(shape.toString())
            .asInvalidArgument();
      }
      return values.cast(dtype);
    };
  }

  private record Factory(String className) implements Function<Config, Initializer> {
    @Override
    public Initializer apply(Config config) {
      return builtIn(className, config);
    }
  }

  /** A switch, since a process that starts would have to link a function for each. */
  private static Initializer builtIn(String className, Config c) {
    c.get("dtype"); // TensorFlow 1 wrote it; Keras takes the weight's
    switch (className) {
      case "Zeros":
        return new Zeros();
      case "Ones":
        return new Ones();
      case "Constant":
        return new Constant(c.number("value", 0));
      case "Identity":
        return new Identity(c.number("gain", 1));
      case "RandomNormal":
        return new RandomNormal(c.number("mean", 0), c.number("stddev", 0.05), seed(c));
      case "TruncatedNormal":
        return new TruncatedNormal(c.number("mean", 0), c.number("stddev", 0.05), seed(c));
      case "RandomUniform":
        return new RandomUniform(c.number("minval", -0.05), c.number("maxval", 0.05), seed(c));
      case "VarianceScaling":
        return new VarianceScaling(
            c.number("scale", 1),
            c.text("mode", "fan_in"),
            c.text("distribution", "truncated_normal"),
            seed(c),
            c.integers("input_axes"),
            c.integers("output_axes"));
      case "Orthogonal":
        return new Orthogonal(c.number("gain", 1), seed(c));
      default:
        return scaled(className, seed(c), c.integers("input_axes"), c.integers("output_axes"));
    }
  }

  private static Initializer scaled(
      String className,
      @Nullable Long seed,
      @Nullable List<Integer> inputAxes,
      @Nullable List<Integer> outputAxes) {
    switch (className) {
      case "GlorotUniform":
        return new GlorotUniform(seed, inputAxes, outputAxes);
      case "GlorotNormal":
        return new GlorotNormal(seed, inputAxes, outputAxes);
      case "HeUniform":
        return new HeUniform(seed, inputAxes, outputAxes);
      case "HeNormal":
        return new HeNormal(seed, inputAxes, outputAxes);
      case "LecunUniform":
        return new LecunUniform(seed, inputAxes, outputAxes);
      case "LecunNormal":
        return new LecunNormal(seed, inputAxes, outputAxes);
      default:
        throw new AssertionError(className);
    }
  }

  /** Null, an integer, or a Keras SeedGenerator, of which the seed counts. */
  private static @Nullable Long seed(Config config) {
    Object seed = config.get("seed");
    if (seed instanceof Map<?, ?> generator && generator.get("config") instanceof Map<?, ?> inner) {
      seed = inner.get("seed");
    }
    if (seed == null) {
      return null;
    }
    if (seed instanceof Number number && number.doubleValue() == number.longValue()) {
      return number.longValue();
    }
    throw Config.wrong(config.where(), "seed", seed, "an integer, or null for a random seed");
  }
}
