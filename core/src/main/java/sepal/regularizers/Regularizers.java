package sepal.regularizers;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Registry;

/** The regularizers by name: Keras' own and those that users register. */
public final class Regularizers {
  static final Registry<Regularizer> REGISTRY =
      new Registry<>("regularizer", Regularizer.class)
          .register("L1", c -> new L1(c.number("l1", 0.01)))
          .register("L2", c -> new L2(c.number("l2", 0.01)))
          .register("L1L2", c -> new L1L2(c.number("l1", 0), c.number("l2", 0)))
          // The name of Keras 2's function, whose defaults were not those of the class.
          .register("l1_l2", c -> new L1L2(c.number("l1", 0.01), c.number("l2", 0.01)))
          .register(
              "OrthogonalRegularizer",
              c -> new OrthogonalRegularizer(c.number("factor", 0.01), c.text("mode", "rows")));

  private Regularizers() {}

  /**
   * The regularizer that an identifier stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null; a {@link Regularizer}; its class; a name such as {@code L2}, {@code l2}
   *     or {@code l1_l2}; or a configuration as Keras 2 or 3 writes it
   * @return null for null
   * @throws IllegalArgumentException if it is none of these
   */
  public static @Nullable Regularizer get(String where, @Nullable Object identifier) {
    return REGISTRY.get(where, identifier);
  }

  /**
   * Makes a class of regularizers known, so that it can be saved and loaded.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Regularizer> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /** Makes one regularizer, typically a lambda, known, so that it can be saved and loaded. */
  public static void registerFunction(String name, Regularizer function) {
    REGISTRY.registerFunction(name, function);
  }
}
