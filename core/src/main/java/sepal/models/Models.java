package sepal.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.Layers;

/** Models from what Keras 3 writes down: {@code model.to_json()}, or the config of a file. */
public final class Models {
  /** How many models may lie inside each other; files from strangers must not exhaust the stack. */
  static final int MAX_DEPTH = 64;

  private static final ThreadLocal<@Nullable Integer> DEPTH = new ThreadLocal<>();

  private Models() {}

  static {
    for (String className : List.of("Sequential", "Functional", "Model")) {
      Layers.register(className, new Factory(className));
    }
  }

  private record Factory(String className)
      implements Function<Map<String, @Nullable Object>, Layer> {
    @Override
    public Layer apply(Map<String, @Nullable Object> config) {
      return fromParts(className, className, config);
    }
  }

  /**
   * A new model, with new weights, from its configuration.
   *
   * @param where the file, for the error message
   * @param serialized {@code {"class_name", "config", ...}} of a {@code Sequential} or {@code
   *     Functional} model, as plain Java: null, Boolean, Number, String, List and Map
   * @throws IllegalArgumentException if it is not such a configuration, or contains a layer class
   *     that is not registered
   * @throws UnsupportedOperationException if it asks for what Sepal does not do
   */
  public static Model fromConfig(String where, Map<String, ? extends @Nullable Object> serialized) {
    ConfigReader.Entry entry = ConfigReader.entry(where, serialized);
    if (!ConfigReader.isModel(entry.className())) {
      throw Problem.in(where, "not a model that can be read")
          .got("class_name=\"" + entry.className() + "\"")
          .expected("Sequential or Functional")
          .asInvalidArgument();
    }
    return (Model) layerFromConfig(where, serialized);
  }

  /**
   * A model of the same layers with new weights, not compiled: Keras' {@code clone_model}.
   *
   * @throws IllegalArgumentException if the class of a layer is not registered
   */
  public static Model cloneModel(Model model) {
    return fromConfig("a copy of " + model, model.serialize());
  }

  static Model copy(Model model) {
    Model copy = cloneModel(model);
    copy.setWeights(model.getWeights());
    return copy;
  }

  /** A new layer or model, and the shapes it was built for where the configuration tells them. */
  static Layer layerFromConfig(String where, Map<String, ? extends @Nullable Object> serialized) {
    ConfigReader.Entry entry = ConfigReader.entry(where, serialized);
    if (!ConfigReader.isModel(entry.className())) {
      return Layers.fromConfig(where, entry.className(), entry.config());
    }
    Model model = fromParts(where, entry.className(), entry.config());
    if (model instanceof Sequential sequential) {
      ConfigReader.build(where, sequential, serialized.get("build_config"));
    }
    return model;
  }

  private static Model fromParts(
      String where, String className, Map<String, ? extends @Nullable Object> config) {
    Integer outer = DEPTH.get();
    int depth = outer == null ? 0 : outer;
    if (depth == MAX_DEPTH) {
      throw Problem.in(where, "models are nested too deeply")
          .expected("at most " + MAX_DEPTH + " models inside each other")
          .asInvalidArgument();
    }
    DEPTH.set(depth + 1);
    try {
      ConfigReader reader = new ConfigReader(where, new LinkedHashMap<>(config));
      return className.equals("Sequential") ? reader.sequential() : reader.functional();
    } finally {
      if (outer == null) {
        DEPTH.remove();
      } else {
        DEPTH.set(outer);
      }
    }
  }
}
