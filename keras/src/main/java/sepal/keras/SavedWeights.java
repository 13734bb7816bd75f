package sepal.keras;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Names;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.models.Model;

/**
 * Weights as {@code .weights.h5} files have them: in groups named after the layers' classes, {@code
 * layers/separable_conv2d_1/vars/0}.
 *
 * @see "Keras 3.16, keras.src.saving.saving_lib"
 */
final class SavedWeights {
  private static final List<String> CONTAINERS =
      List.of("layers", "_layer_checkpoint_dependencies"); // the second one: tf.keras 2.12 and 2.13

  /** Where Keras keeps a layer inside another: the name of the attribute, by that of the layer. */
  private static final Map<String, String> ATTRIBUTES = Map.of("conv_lstm_cell", "cell");

  private final String where;
  private final Assignment assignment;
  private final Set<Layer> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private SavedWeights(String where, LoadOptions options) {
    this.where = where;
    this.assignment = new Assignment(where, options);
  }

  /** Whether a file is of this kind. */
  static boolean isIn(Hdf5Group root) {
    return container(root) != null;
  }

  /**
   * Finds the array of every weight.
   *
   * @throws IllegalArgumentException if one is missing, or of a wrong shape
   */
  static Assignment match(String where, Model model, Hdf5Group root, LoadOptions options) {
    if (options.byName()) {
      throw Problem.in(where, "weights are not found by name in this kind of file")
          .expected("a legacy .h5 file")
          .fix("leave byName out; skipMismatch(true) leaves layers alone that do not fit")
          .asInvalidArgument();
    }
    SavedWeights weights = new SavedWeights(where, options);
    weights.addModel(model, root);
    return weights.assignment;
  }

  private static @Nullable Hdf5Group container(@Nullable Hdf5Group group) {
    for (String name : CONTAINERS) {
      Hdf5Group found = group == null ? null : group.group(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private void addModel(Model model, @Nullable Hdf5Group group) {
    Hdf5Group container = container(group);
    for (Map.Entry<Layer, String> entry : groupNames(model).entrySet()) {
      Layer layer = entry.getKey();
      Hdf5Group child = container == null ? null : container.group(entry.getValue());
      if (!seen.add(layer)) {
        continue;
      }
      if (layer instanceof Model inner) {
        addModel(inner, child);
      } else {
        addLayer(layer, child);
      }
    }
  }

  /** The layers of a model with the names of their groups, which count the layers of a class. */
  private static Map<Layer, String> groupNames(Model model) {
    Map<Layer, String> names = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : model.layers()) {
      String base = Names.snakeCase(layer.className());
      int number = counts.getOrDefault(base, 0);
      counts.put(base, number + 1);
      names.putIfAbsent(layer, number == 0 ? base : base + "_" + number);
    }
    return names;
  }

  /** All weights of a model and its optimizer, as a file of this kind has them. */
  static Hdf5Tree tree(Model model) {
    Hdf5Tree root = new Hdf5Tree();
    put(model, root, Collections.newSetFromMap(new IdentityHashMap<>()));
    TrainingState.put(model, root);
    return root;
  }

  /** A layer inside several models is written once. */
  private static void put(Layer layer, Hdf5Tree group, Set<Layer> written) {
    Hdf5Tree vars = group.group("vars").text("name", layer.name());
    if (layer instanceof Model model) {
      Hdf5Tree container = group.group(CONTAINERS.get(0));
      for (Map.Entry<Layer, String> entry : groupNames(model).entrySet()) {
        if (written.add(entry.getKey())) {
          put(entry.getKey(), container.group(entry.getValue()), written);
        }
      }
      return;
    }
    String inside = layerInside(layer);
    Hdf5Tree own = inside == null ? group : group.group(ATTRIBUTES.getOrDefault(inside, inside));
    if (inside != null) {
      vars = own.group("vars").text("name", inside);
    }
    List<Weight> weights = inOrder(layer);
    for (int i = 0; i < weights.size(); i++) {
      vars.array(String.valueOf(i), weights.get(i).value());
    }
    if (layer.getConfig().get("activation") instanceof Map<?, ?> activation
        && "keras.layers".equals(activation.get("module"))) {
      // In Keras such an activation is a layer too, with a place for weights that it has not.
      String name = Names.snakeCase(String.valueOf(activation.get("class_name")));
      own.group("activation/vars").text("name", name);
    }
  }

  /**
   * The name of the layer that keeps the weights for this one in Keras, by their paths; or null.
   */
  private static @Nullable String layerInside(Layer layer) {
    for (Weight weight : layer.weights()) {
      String[] names = weight.path().split("/", -1);
      if (names.length == 3 && names[0].equals(layer.name())) {
        return names[1];
      }
    }
    return null;
  }

  /** Those that training may change come first, also when their layer is frozen. */
  private static List<Weight> inOrder(Layer layer) {
    List<Weight> weights = new ArrayList<>();
    List<Weight> others = new ArrayList<>();
    for (Weight weight : layer.weights()) {
      (weight.isTrainable() ? weights : others).add(weight);
    }
    weights.addAll(others);
    return weights;
  }

  private void addLayer(Layer layer, @Nullable Hdf5Group group) {
    List<Weight> targets = inOrder(layer);
    String inside = layerInside(layer);
    Hdf5Group own =
        group == null || inside == null
            ? group
            : group.group(ATTRIBUTES.getOrDefault(inside, inside));
    Hdf5Group vars = own == null ? null : own.group("vars");
    List<Hdf5Dataset> arrays = new ArrayList<>();
    for (int i = 0; vars != null && i < vars.children().size(); i++) {
      Hdf5Dataset array = vars.dataset(String.valueOf(i));
      if (array == null) {
        throw Problem.in(where, "a weight is missing")
            .got("no array " + i + " in " + vars.path())
            .expected("arrays 0 to " + (vars.children().size() - 1))
            .asInvalidArgument();
      }
      arrays.add(array);
    }
    assignment.add(
        layer,
        targets,
        arrays,
        Collections.nCopies(targets.size(), Assignment.Rearrangement.NONE),
        true);
  }
}
