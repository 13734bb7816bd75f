package sepal.keras;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activations;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.constraints.Constraints;
import sepal.initializers.Initializers;
import sepal.layers.Layers;
import sepal.losses.Losses;
import sepal.metrics.Metrics;
import sepal.regularizers.Regularizers;

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

  /** Loaded only where there are functions. */
  private static final class Kinds {
    static final List<BiFunction<String, Object, @Nullable Object>> ALL =
        List.of(
            Activations::get,
            Initializers::get,
            Regularizers::get,
            Constraints::get,
            Losses::get,
            Metrics::get);

    private Kinds() {}
  }

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
      for (Object item : list) {
        check(item);
      }
    } else if (value instanceof Map<?, ?> map) {
      if (map.get("class_name") instanceof String className) {
        checkClass(className, map);
      }
      for (Object item : map.values()) {
        check(item);
      }
    }
  }

  private void checkClass(String className, Map<?, ?> map) {
    if (CODE.contains(className) && !Layers.isRegistered(className)) {
      throw refused(className, nameOf(map));
    }
    if (className.equals("function")) {
      String function = String.valueOf(map.get("config"));
      if (!(map.get("config") instanceof String) || !isKnown(map)) {
        throw refused("function", function);
      }
    }
  }

  /** Whether somebody registered the function, of whatever kind it is. */
  private static boolean isKnown(Map<?, ?> function) {
    for (BiFunction<String, Object, @Nullable Object> kind : Kinds.ALL) {
      try {
        if (kind.apply("", function) != null) {
          return true;
        }
      } catch (IllegalArgumentException unknown) {
        // perhaps it is of another kind
      }
    }
    return false;
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
