package sepal.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Keras can write down as a class name and a configuration, and build again from them. */
public interface Configurable {

  /** Keras' class name: {@code GlorotUniform}. */
  default String className() {
    return getClass().getSimpleName();
  }

  /** Keras' module: {@code keras.initializers}; null for custom classes. */
  default @Nullable String module() {
    return null;
  }

  /**
   * The arguments that build an equal object, under Keras' names and in Keras' order; values are
   * null, Boolean, Number, String, List and Map only.
   */
  Map<String, @Nullable Object> getConfig();

  /** {@code {"module", "class_name", "config", "registered_name"}}, as Keras 3 writes it. */
  default @Nullable Object serialize() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("module", module());
    map.put("class_name", className());
    map.put("config", getConfig());
    map.put("registered_name", module() == null ? className() : null);
    return map;
  }
}
