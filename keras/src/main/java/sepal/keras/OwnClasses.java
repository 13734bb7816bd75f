package sepal.keras;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Old meanings that Keras 3 has no name for are classes of ours; Keras cannot load them. */
final class OwnClasses {
  private OwnClasses() {}

  /**
   * A line for each class of ours in a configuration.
   *
   * @param value a configuration, as plain Java
   */
  static List<String> warnings(@Nullable Object value) {
    TreeSet<String> names = new TreeSet<>();
    find(value, names);
    return names.stream().map(n -> "Keras cannot open this file: it has no " + n).toList();
  }

  private static void find(@Nullable Object value, TreeSet<String> names) {
    if (value instanceof List<?> list) {
      list.forEach(item -> find(item, names));
    } else if (value instanceof Map<?, ?> map) {
      if (map.get("module") instanceof String module && module.startsWith("sepal.")) {
        names.add(String.valueOf(map.get("class_name")));
      }
      map.values().forEach(item -> find(item, names));
    }
  }
}
