package sepal.keras;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Sequential;

/**
 * Models as Keras 3 writes them to legacy {@code .h5} files.
 *
 * @see "Keras 3.16, keras.src.legacy.saving.legacy_h5_format"
 */
final class LegacyTree {
  /** The most bytes that Keras puts into one attribute. */
  private static final int LONGEST_ATTRIBUTE = 64512;

  /** What h5py takes for a text in an attribute, at least. */
  private static final int REFERENCE = 16;

  private static final String TOP_LEVEL = "top_level_model_weights";

  private LegacyTree() {}

  /** A whole model: its configuration, its weights, and how it was compiled. */
  static Hdf5Tree model(Model model) {
    Hdf5Tree root = new Hdf5Tree();
    root.text("backend", ModelWriter.BACKEND).text("keras_version", ModelWriter.KERAS_VERSION);
    Map<String, @Nullable Object> serialized = model.serialize();
    root.bytes("model_config", Json.write(config(serialized)));
    Map<Weight, String> paths = paths(model);
    addWeights(model, root.group("model_weights"), paths);
    if (model.isCompiled() && serialized.get("compile_config") instanceof Map<?, ?> compiled) {
      Map<String, @Nullable Object> legacy = TrainingState.toLegacy(LegacyConfig.asMap(compiled));
      root.bytes("training_config", Json.write(legacy));
      TrainingState.putLegacy(model, root, weight -> paths.getOrDefault(weight, weight.path()));
    }
    return root;
  }

  /** The weights alone. */
  static Hdf5Tree weights(Model model) {
    Hdf5Tree root = new Hdf5Tree();
    addWeights(model, root, paths(model));
    return root;
  }

  /** Layers and models without what came with Keras 3; all other objects are as in Keras 3. */
  private static Map<String, @Nullable Object> config(Map<String, @Nullable Object> serialized) {
    Map<String, @Nullable Object> legacy = new LinkedHashMap<>(serialized);
    legacy
        .keySet()
        .removeAll(List.of("module", "registered_name", "build_config", "compile_config"));
    if (legacy.get("config") instanceof Map<?, ?> config
        && config.get("layers") instanceof List<?> layers) {
      Map<String, @Nullable Object> inner = new LinkedHashMap<>(LegacyConfig.asMap(config));
      List<Object> translated = new ArrayList<>();
      layers.forEach(layer -> translated.add(config(LegacyConfig.asMap(layer))));
      inner.put("layers", translated);
      legacy.put("config", inner);
    }
    return legacy;
  }

  private static void addWeights(Model model, Hdf5Tree group, Map<Weight, String> paths) {
    addNames(group, "layer_names", model.layers().stream().map(Layer::name).toList());
    group.bytes("backend", ModelWriter.BACKEND).bytes("keras_version", ModelWriter.KERAS_VERSION);
    for (Layer layer : model.layers()) {
      if (layer.name().equals(TOP_LEVEL)) {
        throw Problem.in(layer.toString(), "legacy files need this name for themselves")
            .got("\"" + TOP_LEVEL + "\"")
            .fix("save to a .keras file")
            .asInvalidArgument();
      }
      List<Weight> weights = new ArrayList<>(layer.trainableWeights());
      weights.addAll(layer.nonTrainableWeights());
      Hdf5Tree child = group.group(layer.name());
      List<String> names = new ArrayList<>();
      for (Weight weight : weights) {
        String name = free(child, paths.getOrDefault(weight, weight.path()));
        child.array(name, weight.value());
        names.add(name);
      }
      addNames(child, "weight_names", names);
    }
    addNames(group.group(TOP_LEVEL), "weight_names", List.of());
  }

  /** Weights of models in one model may have the same path. Their order is what counts. */
  static String free(Hdf5Tree group, String path) {
    String name = path;
    for (int i = 1; group.isTaken(name); i++) {
      name = path + "_" + i;
    }
    return name;
  }

  /**
   * The paths that Keras gives the weights: a layer that a sequential model has built is below it.
   */
  private static Map<Weight, String> paths(Model model) {
    Map<Weight, String> paths = new IdentityHashMap<>();
    addPaths(model, paths);
    return paths;
  }

  private static void addPaths(Model model, Map<Weight, String> paths) {
    String prefix = model instanceof Sequential ? model.name() + "/" : "";
    for (Layer layer : model.layers()) {
      if (layer instanceof Model inner) {
        addPaths(inner, paths);
      } else {
        layer.weights().forEach(weight -> paths.putIfAbsent(weight, prefix + weight.path()));
      }
    }
  }

  /** A list of names, cut into parts as numpy's {@code array_split} does where it is too long. */
  static void addNames(Hdf5Tree group, String attribute, List<String> names) {
    int longest = REFERENCE;
    for (String name : names) {
      longest = Math.max(longest, name.getBytes(StandardCharsets.UTF_8).length);
    }
    if (longest > LONGEST_ATTRIBUTE) {
      throw Problem.in("legacy .h5 file", "a name is too long")
          .got(longest + " bytes")
          .expected("at most " + LONGEST_ATTRIBUTE)
          .fix("save to a .keras file")
          .asInvalidArgument();
    }
    int most = LONGEST_ATTRIBUTE / longest;
    int parts = Math.max(1, (names.size() + most - 1) / most);
    if (parts == 1) {
      group.list(attribute, names);
      return;
    }
    int at = 0;
    for (int part = 0; part < parts; part++) {
      int size = names.size() / parts + (part < names.size() % parts ? 1 : 0);
      group.list(attribute + part, names.subList(at, at + size));
      at += size;
    }
  }
}
