package sepal.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.optimizers.Optimizer;
import sepal.tensor.Tensor;
import sepal.training.CompileOptions;

/** How a model was compiled, and what its optimizer remembers, in files of both kinds. */
final class TrainingState {
  private static final String GROUP = "optimizer/vars";
  private static final String LEGACY_GROUP = "optimizer_weights";

  /** Iteration, learning rate, and a product of Nadam: what belongs to no weight. */
  private static final int MOST_SINGLE = 3;

  private TrainingState() {}

  // ---- compile

  /**
   * Compiles a model as a file says; an empty configuration leaves it as it is.
   *
   * @throws IllegalArgumentException if optimizer, loss or metric are not known
   */
  static void compile(String where, Model model, @Nullable Object config) {
    if (!(config instanceof Map<?, ?> map) || map.isEmpty()) {
      return;
    }
    Map<String, @Nullable Object> arguments = LegacyConfig.asMap(map);
    try {
      new CodeCheck(where).check(arguments);
      model.compile(CompileOptions.fromConfig(arguments));
    } catch (InvalidArgument e) {
      Problem problem = e.problem();
      String without = "load the model without: options -> options.compile(false)";
      String concerned = problem.where();
      throw new Problem(
              concerned.startsWith(where) ? concerned : where + ", " + concerned,
              problem.what(),
              problem.got(),
              problem.expected(),
              problem.fix() == null ? without : problem.fix() + "; or " + without)
          .asInvalidArgument(e);
    }
  }

  /** Keras 3's compile_config from the training_config of a legacy file. */
  static Map<String, @Nullable Object> fromLegacy(Map<String, @Nullable Object> config) {
    Map<String, @Nullable Object> modern = new LinkedHashMap<>(config);
    modern.put("optimizer", modern.remove("optimizer_config"));
    return modern;
  }

  /** The training_config of a legacy file, with its keys in the order that Keras gives them. */
  static Map<String, @Nullable Object> toLegacy(Map<String, @Nullable Object> config) {
    Map<String, @Nullable Object> legacy = new LinkedHashMap<>(new TreeMap<>(config));
    Map<String, @Nullable Object> optimizer = new LinkedHashMap<>();
    if (legacy.remove("optimizer") instanceof Map<?, ?> modern) {
      optimizer.put("class_name", modern.get("class_name"));
      optimizer.put("config", modern.get("config"));
    }
    legacy.put("optimizer_config", optimizer);
    return legacy;
  }

  // ---- the optimizer's variables

  static void put(Model model, Hdf5Tree root) {
    if (!model.isCompiled()) {
      return;
    }
    Optimizer optimizer = model.trainer().optimizer();
    Hdf5Tree vars = root.group(GROUP).text("name", optimizer.name());
    List<Tensor> values = optimizer.variables();
    for (int i = 0; i < values.size(); i++) {
      vars.array(String.valueOf(i), values.get(i));
    }
  }

  /**
   * @param path what the file calls a weight
   */
  static void putLegacy(Model model, Hdf5Tree root, Function<Weight, String> path) {
    Optimizer optimizer = model.trainer().optimizer();
    Hdf5Tree group = root.group(LEGACY_GROUP);
    List<Tensor> values = optimizer.variables();
    List<String> names = new ArrayList<>();
    for (String name : optimizer.variableNames(path)) {
      String free = LegacyTree.free(group, optimizer.name() + "/" + name);
      group.array(free, values.get(names.size()));
      names.add(free);
    }
    LegacyTree.addNames(group, "weight_names", names);
  }

  /** The arrays of an optimizer in a file, in their order; none if it has none. */
  static List<Hdf5Dataset> find(Hdf5Group root) {
    List<Hdf5Dataset> arrays = new ArrayList<>();
    Hdf5Group vars = root.group(GROUP);
    for (int i = 0; vars != null; i++) {
      Hdf5Dataset array = vars.dataset(String.valueOf(i));
      if (array == null) {
        break;
      }
      arrays.add(array);
    }
    return arrays;
  }

  /** The same of a legacy file. */
  static List<Hdf5Dataset> findLegacy(Hdf5Group root) throws IOException {
    List<Hdf5Dataset> arrays = new ArrayList<>();
    Hdf5Group group = root.group(LEGACY_GROUP);
    if (group != null) {
      for (String name : LegacyWeights.names(group, "weight_names")) {
        Hdf5Dataset array = group.dataset(name);
        if (array != null) {
          arrays.add(array);
        }
      }
    }
    return arrays;
  }

  /** Says that an optimizer of a Keras before 3 starts afresh: its variables had another order. */
  static void leaveOut(
      String where, Model model, List<Hdf5Dataset> arrays, int keras, LoadOptions options) {
    if (model.isCompiled() && !arrays.isEmpty()) {
      options.skipped(
          afresh(where)
              .got(arrays.size() + " variables of Keras " + keras)
              .expected("those of Keras 3"));
    }
  }

  private static Problem afresh(String where) {
    return Problem.in(where, "skipped: the optimizer's variables; it starts afresh");
  }

  /**
   * Makes an optimizer's variables.
   *
   * @param present how many values the file has for them; nothing is made if these are too few
   * @throws IllegalArgumentException if there is no memory for them
   */
  static void prepare(String where, Model model, long present) {
    Optimizer optimizer = model.trainer().optimizer();
    long weights = model.trainableWeights().stream().mapToLong(w -> w.shape().size()).sum();
    long wanted = weights * optimizer.arraysPerWeight();
    if (wanted > present) {
      return;
    }
    if (wanted > ModelReader.roomForWeights()) {
      throw Problem.in(where, "Java has no memory for what the optimizer remembers")
          .got(wanted + " values")
          .fix("start Java with a larger -Xmx, or load with options -> options.compile(false)")
          .asInvalidArgument();
    }
    optimizer.build(model.trainableWeights());
  }

  /**
   * Sets the variables of the optimizer. As in Keras it starts afresh, with a warning, if the file
   * has other ones.
   *
   * @param build whether an optimizer that has not been used yet is made ready for them
   */
  static void restore(
      String where, Model model, List<Hdf5Dataset> arrays, boolean build, LoadOptions options)
      throws IOException {
    Optimizer optimizer = model.trainer().optimizer();
    List<Weight> trainable = model.trainableWeights();
    int slots = optimizer.arraysPerWeight() * trainable.size();
    if (arrays.size() <= MOST_SINGLE && arrays.size() <= slots) {
      return; // it was saved before it was used
    }
    if (build) {
      prepare(where, model, arrays.stream().mapToLong(array -> array.shape().size()).sum());
    }
    List<Tensor> current = optimizer.variables();
    boolean fits = arrays.size() == current.size();
    for (int i = 0; fits && i < arrays.size(); i++) {
      fits = arrays.get(i).shape().size() == current.get(i).size();
    }
    if (!fits) {
      options.skipped(
          afresh(where)
              .got(arrays.size() + " variables")
              .expected(current.size() + " for " + optimizer.className()));
      return;
    }
    List<Tensor> values = new ArrayList<>();
    for (Hdf5Dataset array : arrays) {
      values.add(array.read());
    }
    optimizer.setVariables(values, trainable);
  }
}
