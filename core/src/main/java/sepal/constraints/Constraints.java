package sepal.constraints;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Registry;

/** The constraints by name: Keras' own and those that users register. */
public final class Constraints {
  static final Registry<Constraint> REGISTRY =
      new Registry<>("constraint", Constraint.class)
          .register("MaxNorm", c -> new MaxNorm(c.number("max_value", 2), axes(c)), "maxnorm")
          .register(
              "MinMaxNorm",
              c ->
                  new MinMaxNorm(
                      c.number("min_value", 0),
                      c.number("max_value", 1),
                      c.number("rate", 1),
                      axes(c)))
          .register("NonNeg", c -> new NonNeg(), "nonneg")
          .register("UnitNorm", c -> new UnitNorm(axes(c)), "unitnorm");

  private Constraints() {}

  private static List<Integer> axes(Config config) {
    List<Integer> axes = config.integers("axis");
    return axes == null ? List.of(0) : axes;
  }

  /**
   * The constraint that an identifier stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null; a {@link Constraint}; its class; a name such as {@code MaxNorm}, {@code
   *     max_norm} or {@code non_neg}; or a configuration as Keras 2 or 3 writes it
   * @return null for null
   * @throws IllegalArgumentException if it is none of these
   */
  public static @Nullable Constraint get(String where, @Nullable Object identifier) {
    return REGISTRY.get(where, identifier);
  }

  /**
   * Makes a class of constraints known, so that it can be saved and loaded.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Constraint> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /** Makes one constraint, typically a lambda, known, so that it can be saved and loaded. */
  public static void registerFunction(String name, Constraint function) {
    REGISTRY.registerFunction(name, function);
  }
}
