package sepal.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;

/**
 * Turns a model's configuration of any Keras into the form of Keras 3. A pure function; what is in
 * that form already comes out as it went in.
 *
 * <p>This class does the graph: models in models, calls of layers, inputs and outputs. {@link
 * LegacyLayers} does the arguments of single layers.
 */
final class LegacyConfig {
  private static final int MOST_LAYERS = 5_000;

  private final String where;
  private final LegacyLayers layers;
  private int count;

  LegacyConfig(String where, LegacyLayers layers) {
    this.where = where;
    this.layers = layers;
  }

  /** {@code {"class_name", "config", ...}} of a model. */
  Map<String, @Nullable Object> model(Map<String, @Nullable Object> serialized) {
    Object className = serialized.get("class_name");
    Object config = serialized.get("config");
    Map<String, @Nullable Object> model = new LinkedHashMap<>(serialized);
    if (config instanceof List<?> list) { // Sequential before Keras 2.2.3
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("name", serialized.get("name"));
      map.put("layers", list);
      config = map;
    }
    if (!(config instanceof Map<?, ?>)) {
      throw Config.wrong(where, "config of " + className, config, "an object or a list");
    }
    Map<String, @Nullable Object> inner = new LinkedHashMap<>(asMap(config));
    if (!(inner.get("layers") instanceof List<?> entries)) {
      throw Problem.in(where, "not a model that can be read")
          .got("class_name=\"" + className + "\" without a list of layers")
          .expected("Sequential or Functional")
          .asInvalidArgument();
    }
    List<@Nullable Object> translated = new ArrayList<>();
    for (Object entry : entries) {
      translated.add(entry(entry));
    }
    inner.put("layers", translated);
    if (inner.containsKey("output_layers")) {
      model.put("class_name", "Functional");
      new Calls(inner, translated).translate();
    }
    model.put("config", inner);
    return model;
  }

  /** An element of a model's list of layers: a layer, or a model. */
  private Map<String, @Nullable Object> entry(@Nullable Object entry) {
    if (!(entry instanceof Map<?, ?>)) {
      throw Config.wrong(where, "layers", entry, "objects with class_name and config");
    }
    if (++count > MOST_LAYERS) {
      throw Problem.in(where, "more layers than any model has")
          .expected("at most " + MOST_LAYERS)
          .asInvalidArgument();
    }
    Map<String, @Nullable Object> map = asMap(entry);
    return isModel(map) ? model(map) : layers.translate(map);
  }

  private static boolean isModel(Map<String, @Nullable Object> entry) {
    return entry.get("config") instanceof List<?>
        || entry.get("config") instanceof Map<?, ?> config
            && config.get("layers") instanceof List<?>
            && ("Sequential".equals(entry.get("class_name"))
                || config.containsKey("output_layers"));
  }

  /** The calls of one functional model, from Keras 2's nested lists to Keras 3's objects. */
  private final class Calls {
    private final Map<String, @Nullable Object> model;
    private final Map<String, Map<String, @Nullable Object>> models = new LinkedHashMap<>();
    private final Map<String, Integer> firstCall = new LinkedHashMap<>();
    private boolean listForm;

    Calls(Map<String, @Nullable Object> model, List<@Nullable Object> entries) {
      this.model = model;
      for (Object entry : entries) {
        Map<String, @Nullable Object> map = asMap(Objects.requireNonNull(entry));
        if (isModel(map)) {
          models.put(nameOf(map), map);
        }
        if (map.get("inbound_nodes") instanceof List<?> nodes) {
          for (Object node : nodes) {
            if (!isKeras3Node(node)) {
              listForm = true;
              note(node);
            }
          }
        }
      }
      this.entries = entries;
    }

    private final List<@Nullable Object> entries;

    void translate() {
      if (!listForm) {
        return;
      }
      note(model.get("output_layers"));
      for (int i = 0; i < entries.size(); i++) {
        Map<String, @Nullable Object> entry =
            new LinkedHashMap<>(asMap(Objects.requireNonNull(entries.get(i))));
        if (entry.get("inbound_nodes") instanceof List<?> nodes) {
          entry.put("inbound_nodes", nodes.stream().map(this::node).toList());
        }
        entries.set(i, entry);
      }
      model.put("output_layers", ends(model.get("output_layers")));
    }

    /** Learns the least number by which a model's calls are counted. */
    private void note(@Nullable Object value) {
      if (isReference(value)) {
        List<?> reference = (List<?>) Objects.requireNonNull(value);
        firstCall.merge(
            (String) reference.get(0), ((Number) reference.get(1)).intValue(), Math::min);
      } else if (value instanceof List<?> list) {
        list.forEach(this::note);
      } else if (value instanceof Map<?, ?> map) {
        map.values().forEach(this::note);
      }
    }

    /**
     * Before Keras 3 a model had a call to itself, number 0, before all others, which files leave
     * out.
     */
    private int call(String layer, Number call) {
      boolean phantom = models.containsKey(layer) && firstCall.getOrDefault(layer, 0) > 0;
      return phantom ? call.intValue() - 1 : call.intValue();
    }

    private @Nullable Object node(@Nullable Object node) {
      if (isKeras3Node(node)) {
        return node;
      }
      Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
      Object tensors = tensors(node, kwargs);
      Map<String, @Nullable Object> translated = new LinkedHashMap<>();
      translated.put(
          "args", List.of(tensors instanceof List<?> l && l.size() == 1 ? l.get(0) : tensors));
      translated.put("kwargs", kwargs);
      return translated;
    }

    private Object tensors(@Nullable Object value, Map<String, @Nullable Object> kwargs) {
      if (isReference(value)) {
        List<?> reference = (List<?>) Objects.requireNonNull(value);
        String layer = (String) reference.get(0);
        if (reference.size() > 3 && reference.get(3) instanceof Map<?, ?> options) {
          kwargs.putAll(asMap(options));
        }
        Number tensor = (Number) reference.get(2);
        return Map.of(
            "class_name",
            "__keras_tensor__",
            "config",
            Map.of(
                "keras_history",
                List.of(layer, call(layer, (Number) reference.get(1)), tensor.intValue())));
      }
      if (value instanceof List<?> list) {
        List<Object> translated = new ArrayList<>();
        list.forEach(item -> translated.add(tensors(item, kwargs)));
        return translated;
      }
      if (value instanceof Map<?, ?> map) {
        Map<String, Object> translated = new LinkedHashMap<>();
        map.forEach((key, item) -> translated.put(String.valueOf(key), tensors(item, kwargs)));
        return translated;
      }
      throw Config.wrong(where, "inbound_nodes", value, "[layer name, call, output, arguments]");
    }

    private @Nullable Object ends(@Nullable Object value) {
      if (isReference(value)) {
        List<?> reference = (List<?>) Objects.requireNonNull(value);
        String layer = (String) reference.get(0);
        Map<String, @Nullable Object> inner = models.get(layer);
        // Here, and only here, Keras 3 goes on counting the calls of functional models from 1.
        boolean functional = inner != null && !"Sequential".equals(inner.get("class_name"));
        int call = call(layer, (Number) reference.get(1)) + (functional ? 1 : 0);
        return List.of(layer, call, Objects.requireNonNull(reference.get(2)));
      }
      if (value instanceof List<?> list) {
        List<@Nullable Object> translated = new ArrayList<>();
        list.forEach(item -> translated.add(ends(item)));
        return translated;
      }
      if (value instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> translated = new LinkedHashMap<>();
        map.forEach((key, item) -> translated.put(String.valueOf(key), ends(item)));
        return translated;
      }
      return value;
    }
  }

  private static boolean isKeras3Node(@Nullable Object node) {
    return node instanceof Map<?, ?> map && map.get("args") instanceof List<?>;
  }

  /** {@code [layer name, call, output]}, perhaps with arguments of the call. */
  private static boolean isReference(@Nullable Object value) {
    return value instanceof List<?> list
        && (list.size() == 3 || list.size() == 4)
        && list.get(0) instanceof String
        && list.get(1) instanceof Number
        && list.get(2) instanceof Number;
  }

  private static String nameOf(Map<String, @Nullable Object> entry) {
    Object name = entry.get("name");
    if (name == null && entry.get("config") instanceof Map<?, ?> config) {
      name = config.get("name");
    }
    return String.valueOf(name);
  }

  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> asMap(Object map) {
    return (Map<String, @Nullable Object>) map;
  }
}
