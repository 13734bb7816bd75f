package sepal.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.config.Names;

/**
 * Tells what became of the arguments of a file's layers. What only looks different now is no
 * difference: new forms of the same value, and defaults that are written down.
 */
final class ConfigDiff {
  private static final int SHOWN = 3;
  private static final int LONGEST = 120;

  /** Keys inside the value of an argument that say nothing about what it computes. */
  private static final Set<String> BOOKKEEPING =
      Set.of("module", "registered_name", "shared_object_id", "dtype");

  /**
   * Shapes of inputs have a layer or a build_config of their own now; the others have new names.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "batch_input_shape",
          "input_shape",
          "input_dim",
          "input_length",
          "init",
          "nb_row",
          "nb_col");

  /** What happened, and to which layers. */
  private final Map<String, List<String>> layers = new LinkedHashMap<>();

  private ConfigDiff() {}

  /** One line for each kind of change, with the layers that it happened to. */
  static List<String> of(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    ConfigDiff diff = new ConfigDiff();
    diff.compareModels(before, after);
    List<String> lines = new ArrayList<>();
    diff.layers.forEach((what, names) -> lines.add(what + " (" + listed(names) + ")"));
    return lines;
  }

  /** The first few of some names, and how many more there are. */
  static String listed(List<String> names) {
    int shown = Math.min(SHOWN, names.size());
    String rest = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + rest;
  }

  private void note(String what, String layer) {
    layers.computeIfAbsent(what, w -> new ArrayList<>()).add(layer);
  }

  private void compareModels(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    Map<String, Map<String, @Nullable Object>> old = entries(before);
    Map<String, Map<String, @Nullable Object>> now = entries(after);
    old.forEach(
        (name, entry) -> {
          Map<String, @Nullable Object> other = now.get(name);
          if (other == null) {
            note("layer left out", name);
          } else if (!entries(entry).isEmpty()) {
            compareModels(entry, other);
          } else {
            compareLayers(name, entry, other);
          }
        });
  }

  /** The layers of a model by their names; none if it is a layer. */
  private static Map<String, Map<String, @Nullable Object>> entries(
      Map<String, @Nullable Object> model) {
    Object layers = model.get("config") instanceof Map<?, ?> c ? c.get("layers") : null;
    Map<String, Map<String, @Nullable Object>> entries = new LinkedHashMap<>();
    Object list = layers == null ? model.get("config") : layers;
    if (list instanceof List<?> all) {
      for (Object entry : all) {
        if (entry instanceof Map<?, ?> map && map.get("config") instanceof Map<?, ?> config) {
          Object name = config.containsKey("name") ? config.get("name") : map.get("name");
          entries.put(String.valueOf(name), LegacyConfig.asMap(map));
        }
      }
    }
    return entries;
  }

  private void compareLayers(
      String name, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    Object oldClass = before.get("class_name");
    Object newClass = after.get("class_name");
    if (!Objects.equals(oldClass, newClass)) {
      note(oldClass + " is " + newClass, name);
    }
    Map<String, @Nullable Object> old = config(before);
    Map<String, @Nullable Object> now = config(after);
    for (Map.Entry<String, @Nullable Object> argument : old.entrySet()) {
      String key = argument.getKey();
      Object value = argument.getValue();
      String renamed = LegacyLayers.KEYS.getOrDefault(key, key);
      if (!now.containsKey(renamed)) {
        if (value != null && !ELSEWHERE.contains(key)) {
          note(oldClass + ": " + key + "=" + shown(value) + " left out", name);
        }
      } else if (renamed.equals(key) && !same(value, now.get(key))) {
        note(oldClass + ": " + key + "=" + shown(value) + " is " + shown(now.get(key)), name);
      }
    }
  }

  private static String shown(@Nullable Object value) {
    String json = Json.write(bare(value));
    return json.length() <= LONGEST ? json : json.substring(0, LONGEST - 3) + "...";
  }

  private static @Nullable Object bare(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    map.forEach(
        (key, item) -> {
          if (!BOOKKEEPING.contains(key)) {
            kept.put(String.valueOf(key), bare(item));
          }
        });
    return kept;
  }

  private static Map<String, @Nullable Object> config(Map<String, @Nullable Object> entry) {
    return LegacyConfig.asMap(Objects.requireNonNull(entry.get("config")));
  }

  private static boolean same(@Nullable Object before, @Nullable Object after) {
    Object old = simple(before);
    Object now = simple(after);
    if (old instanceof Map<?, ?> a && now instanceof Map<?, ?> b) {
      return a.entrySet().stream()
          .allMatch(e -> BOOKKEEPING.contains(e.getKey()) || same(e.getValue(), b.get(e.getKey())));
    }
    if (old instanceof List<?> a && now instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        if (!same(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (old instanceof Number a && now instanceof Number b) {
      return a.doubleValue() == b.doubleValue();
    }
    return Objects.equals(old, now);
  }

  /** The shorter of two forms: a name for an object without arguments, one number for a list. */
  private static @Nullable Object simple(@Nullable Object value) {
    if (value instanceof List<?> list && list.size() == 1) {
      return simple(list.get(0));
    }
    if (value instanceof Map<?, ?> map && map.get("class_name") instanceof String name) {
      Object config = map.get("config");
      if (name.equals("DTypePolicy") && config instanceof Map<?, ?> policy) {
        return policy.get("name");
      }
      boolean bare = !(config instanceof Map<?, ?> c) || c.isEmpty();
      return bare ? Names.snakeCase(name) : map;
    }
    return value;
  }
}
