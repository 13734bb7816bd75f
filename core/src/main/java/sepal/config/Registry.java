package sepal.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.InvalidArgument;
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
  private final Map<String, T> functions = new LinkedHashMap<>();

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

  /**
   * Makes one object, typically a lambda, known under a name, so that it can be saved and loaded.
   */
  public synchronized Registry<T> registerFunction(String name, T function) {
    functions.put(name, function);
    factories.put(name, config -> function);
    classNames.put(name, name);
    return this;
  }

  /** The class names, without aliases, in the order of the alphabet. */
  public synchronized List<String> classNames() {
    return factories.keySet().stream().sorted().toList();
  }

  /** Whether something is registered under this name. */
  public synchronized boolean knows(String name) {
    return classNames.containsKey(name);
  }

  /**
   * The object that an identifier in any of Keras' forms stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null, an object of the kind, its class, a name, {@code {"class_name",
   *     "config"}}, or the same for a function, whose config is its name
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
    if (identifier instanceof Class<?> c && type.isAssignableFrom(c)) {
      return create(where, c.getSimpleName(), Map.of());
    }
    if (identifier instanceof Map<?, ?> map && map.get("class_name") instanceof String className) {
      if (className.equals("function") && map.get("config") instanceof String name) {
        return create(where, knows(name) ? name : withoutPackage(name), Map.of());
      }
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
    try {
      T created = factory.apply(values);
      values.done();
      return created;
    } catch (InvalidArgument e) {
      throw e.problem().where().startsWith(where) ? e : e.problem().within(where);
    }
  }

  /**
   * What Keras writes for a registered function.
   *
   * @return null if {@code object} is of a class with a name, which is written by its configuration
   * @throws IllegalStateException if it is a lambda or an anonymous class that nobody registered
   */
  public @Nullable Object serializeFunction(T object) {
    String name = functionName(object);
    if (name == null) {
      Class<?> c = object.getClass();
      if (c.isHidden() || c.isSynthetic() || c.isAnonymousClass()) {
        throw nameless();
      }
      return null;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("module", "builtins");
    map.put("class_name", "function");
    map.put("config", name);
    map.put("registered_name", "function");
    return map;
  }

  /** The error that a lambda or anonymous class that nobody registered is to be saved. */
  public IllegalStateException nameless() {
    String owner =
        Character.toUpperCase(kind.charAt(0))
            + kind.substring(1)
            + (kind.endsWith("s") ? "es" : "s");
    return Problem.in(owner, article() + kind + " without a name cannot be saved")
        .got("a lambda or anonymous class")
        .expected("a class, or a function registered under a name")
        .fix(owner + ".registerFunction(\"my_" + kind + "\", ...) before saving and loading")
        .asIllegalState();
  }

  /** The name that a function was {@link #registerFunction registered} under, or null. */
  public synchronized @Nullable String functionName(@Nullable T object) {
    for (Map.Entry<String, T> entry : functions.entrySet()) {
      if (entry.getValue() == object) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** Keras registers under {@code package>name}. */
  private static String withoutPackage(String name) {
    return name.substring(name.indexOf('>') + 1);
  }

  private String article() {
    return "aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ";
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asConfig(Map<?, ?> values) {
    return (Map<String, @Nullable Object>) values;
  }
}
