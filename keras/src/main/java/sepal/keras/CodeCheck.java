package sepal.keras;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.layers.Layers;

/** Refuses, by name, what carries Python code or names a function that only Python knows. */
final class CodeCheck {
  private static final Set<String> CODE =
      Set.of(
          "Lambda",
          "TFOpLambda",
          "SlicingOpLambda",
          "TensorFlowOpLayer",
          "ClassMethod",
          "InstanceMethod",
          "InstanceProperty",
          "__lambda__",
          "__typespec__");

  private final String where;

  CodeCheck(String where) {
    this.where = where;
  }

  /**
   * @param value a configuration, as plain Java
   * @throws IllegalArgumentException if there is code anywhere in it
   */
  void check(@Nullable Object value) {
    if (value instanceof List<?> list) {
      list.forEach(this::check);
    } else if (value instanceof Map<?, ?> map) {
      if (map.get("class_name") instanceof String className) {
        checkClass(className, map);
      }
      map.values().forEach(this::check);
    }
  }

  private void checkClass(String className, Map<?, ?> map) {
    if (CODE.contains(className) && !Layers.isRegistered(className)) {
      throw refused(className, nameOf(map));
    }
    if (className.equals("function")) {
      String function = String.valueOf(map.get("config"));
      if (!(map.get("config") instanceof String) || !isKnown(function)) {
        throw refused("function", function);
      }
    }
  }

  private static boolean isKnown(String function) {
    try {
      Activations.get("", function);
      return true;
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }

  private InvalidArgument refused(String className, String name) {
    return Problem.in(where, className + " carries Python code, which is not run")
        .got(className + " \"" + name + "\"")
        .fix("write it as a class in Java, register that, and save the model with it")
        .asInvalidArgument();
  }

  private static String nameOf(Map<?, ?> map) {
    Object name = map.get("config") instanceof Map<?, ?> config ? config.get("name") : null;
    return String.valueOf(name == null ? map.get("name") : name);
  }
}
