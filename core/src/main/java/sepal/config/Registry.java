package sepal.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * Keras names and the factories behind them, for one kind of object. Names that a user registers
 * are loaded, saved and copied like the built-in ones. Safe to use from many threads.
 *
 * @param <T> the kind of object
 */
public final class Registry<T> {
  private final String kind;
  private final Class<T> type;
  private final Map<String, Function<Config, ? extends T>> factories = new LinkedHashMap<>();
  private final Map<String, String> classNames = new LinkedHashMap<>();

  /**
   * @param kind the word for error messages, for example {@code initializer}
   * @param type the type of the objects
   */
  public Registry(String kind, Class<T> type) {
    this.kind = kind;
    this.type = type;
  }

  /**
   * Makes a class known under its name, its snake-case name and the given aliases; a later
   * registration of the same name wins.
   *
   * @param factory builds an object from its configuration
   */
  public synchronized Registry<T> register(
      String className, Function<Config, ? extends T> factory, String... aliases) {
    factories.put(className, factory);
    classNames.put(className, className);
    classNames.put(Names.snakeCase(className), className);
    for (String alias : aliases) {
      classNames.put(alias, className);
    }
    return this;
  }

  public synchronized boolean knows(String name) {
    return classNames.containsKey(name);
  }

  /**
   * The object that an identifier in any of Keras' forms stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null, an object of the kind, a name, or {@code {"class_name", "config"}}
   * @return null for null
   * @throws IllegalArgumentException if it is none of these, or the name is unknown
   */
  public @Nullable T get(String where, @Nullable Object identifier) {
    if (identifier == null) {
      return null;
    }
    if (type.isInstance(identifier)) {
      return type.cast(identifier);
    }
    if (identifier instanceof String name) {
      return create(where, name, Map.of());
    }
    if (identifier instanceof Map<?, ?> map && map.get("class_name") instanceof String className) {
      Object registered = map.get("registered_name");
      String name = registered instanceof String text && knows(text) ? text : className;
      Object config = map.get("config");
      return create(where, name, config instanceof Map<?, ?> values ? asConfig(values) : Map.of());
    }
    throw Problem.in(where, "not " + article() + kind)
        .got(identifier + " (" + identifier.getClass().getSimpleName() + ")")
        .expected("a name, an object, a configuration, or null")
        .asInvalidArgument();
  }

  /** Builds the object of a registered name from its configuration. */
  public T create(String where, String name, Map<String, ? extends @Nullable Object> config) {
    Function<Config, ? extends T> factory;
    synchronized (this) {
      String className = classNames.get(name);
      if (className == null) {
        throw Problem.in(where, "unknown " + kind)
            .got("\"" + name + "\"" + Check.didYouMean(name, classNames.keySet()))
            .expected("one of " + String.join(", ", new TreeSet<>(factories.keySet())))
            .asInvalidArgument();
      }
      factory = Objects.requireNonNull(factories.get(className));
    }
    Config values = new Config(where + ", " + kind + " " + name, config);
    T created = factory.apply(values);
    values.done();
    return created;
  }

  private String article() {
    return "aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ";
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asConfig(Map<?, ?> values) {
    return (Map<String, @Nullable Object>) values;
  }
}
