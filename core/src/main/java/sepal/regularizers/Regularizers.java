package sepal.regularizers;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Registry;

/** The regularizers by name: Keras' own and those that users register. */
public final class Regularizers {
  static final Registry<Regularizer> REGISTRY = new Registry<>("regularizer", Regularizer.class);

  static {
    for (String name : new String[] {"L1", "L2", "L1L2", "l1_l2", "OrthogonalRegularizer"}) {
      REGISTRY.register(name, new Factory(name));
    }
  }

  private Regularizers() {}

  private record Factory(String name) implements Function<Config, Regularizer> {
    @Override
    public Regularizer apply(Config config) {
      return builtIn(name, config);
    }
  }

  /** A switch, since a process that starts would have to link a function for each. */
  private static Regularizer builtIn(String name, Config c) {
    switch (name) {
      case "L1":
        return new L1(c.number("l1", 0.01));
      case "L2":
        return new L2(c.number("l2", 0.01));
      case "L1L2":
        return new L1L2(c.number("l1", 0), c.number("l2", 0));
      case "l1_l2": // the name of Keras 2's function, whose defaults were not those of the class
        return new L1L2(c.number("l1", 0.01), c.number("l2", 0.01));
      case "OrthogonalRegularizer":
        return new OrthogonalRegularizer(c.number("factor", 0.01), c.text("mode", "rows"));
      default:
        throw new AssertionError(name);
    }
  }

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
