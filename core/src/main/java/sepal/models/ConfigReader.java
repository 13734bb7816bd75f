package sepal.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.layers.InputLayer;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.shape.Shape;

/**
 * The configuration of one model, which may come from anywhere: nothing in it is trusted.
 *
 * @see "Keras 3.16, keras.src.models.functional.functional_from_config"
 */
final class ConfigReader {
  private static final int MAX_ARGUMENT_DEPTH = 16;
  private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");

  /** Operations outside of layers for which there is a layer that does the same. */
  private static final Set<String> OPERATIONS =
      Set.of("Add", "Subtract", "Multiply", "Maximum", "Minimum");

  private final String where;
  private final Config config;

  ConfigReader(String where, Map<String, ? extends @Nullable Object> config) {
    this.where = where;
    this.config = new Config(where, config);
  }

  // ---- one entry

  /** A class name and the arguments of a layer or model. */
  record Entry(String className, Map<String, @Nullable Object> config) {}

  static boolean isModel(String className) {
    return MODELS.contains(className);
  }

  static Entry entry(String where, Map<String, ? extends @Nullable Object> map) {
    String className = text(where, "class_name", map.get("class_name"));
    Map<String, @Nullable Object> config = map(where, "config", map.get("config"));
    if (className.equals("Lambda")) {
      throw Problem.in(where, "Lambda layers carry code and are not read")
          .got("layer \"" + config.get("name") + "\"")
          .fix("replace it by a layer class of your own, registered with Layers.register")
          .asUnsupported();
    }
    if (map.get("registered_name") instanceof String name && Layers.isRegistered(name)) {
      return new Entry(name, config);
    }
    if (map.get("module") instanceof String module && module.startsWith("keras.src.ops")) {
      if (!OPERATIONS.contains(className)) {
        throw Problem.in(where, "an operation outside of layers that is not supported")
            .got(module + "." + className)
            .expected(String.join(", ", OPERATIONS.stream().sorted().toList()))
            .asUnsupported();
      }
    }
    if (!isModel(className) && !Layers.isRegistered(className)) {
      throw Problem.in(where, "unknown layer class")
          .got("\"" + className + "\"")
          .expected("a layer class of Sepal, or one that is registered")
          .fix("call Layers.register(\"" + className + "\", config -> ...) first")
          .asInvalidArgument();
    }
    return new Entry(className, config);
  }

  /** Builds a sequential model that does not say its input shape, where another key does. */
  static void build(String where, Sequential model, @Nullable Object buildConfig) {
    if (!model.isBuilt()
        && !model.layers().isEmpty()
        && buildConfig instanceof Map<?, ?> map
        && map.get("input_shape") instanceof List<?> list
        && list.stream().allMatch(size -> size == null || size instanceof Number)) {
      model.build(shape(where, "input_shape", list));
    }
  }

  // ---- sequential

  Sequential sequential() {
    List<Layer> layers = new ArrayList<>();
    List<?> entries = list(where, "layers", config.get("layers"));
    for (int i = 0; i < entries.size(); i++) {
      String at = where + ", layer " + (i + 1);
      layers.add(Models.layerFromConfig(at, map(at, "layers", entries.get(i))));
    }
    Sequential model = new Sequential(name(), trainable(), layers);
    Object shape = config.get("build_input_shape");
    if (shape instanceof List<?> && !model.isBuilt() && !layers.isEmpty()) {
      model.build(shape(where, "build_input_shape", shape));
    }
    return model;
  }

  private @Nullable String name() {
    Object name = config.get("name");
    return name == null ? null : text(where, "name", name);
  }

  private boolean trainable() {
    return config.flag("trainable", true);
  }

  // ---- functional

  /** A layer of the graph, the calls of it that are still to be made, and what the others gave. */
  private static final class Member {
    final Layer layer;
    final Deque<List<Reference>> calls = new ArrayDeque<>();
    final List<List<KerasTensor>> made = new ArrayList<>();
    int callCount;

    Member(Layer layer) {
      this.layer = layer;
    }
  }

  /** An output of a call of a layer. */
  private record Reference(String layer, int call, int tensor) {}

  /** A call of a layer. */
  private record Call(String layer, int call) {
    /** By hand, as a process that starts takes long to make it. */
    @Override
    public int hashCode() {
      return 31 * layer.hashCode() + call;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Call that && that.call == call && that.layer.equals(layer);
    }
  }

  Functional functional() {
    Map<String, Member> members = new LinkedHashMap<>();
    List<?> entries = list(where, "layers", config.get("layers"));
    for (int i = 0; i < entries.size(); i++) {
      addMember(members, where + ", layer " + (i + 1), entries.get(i));
    }
    for (Map.Entry<String, Member> member : members.entrySet()) {
      checkReferences(members, member.getKey(), member.getValue());
    }
    makeCalls(members);
    Object inputs = ends(members, "input_layers", config.get("input_layers"), 0);
    Object outputs = ends(members, "output_layers", config.get("output_layers"), 0);
    List<Layer> order = new ArrayList<>();
    for (Member member : members.values()) {
      order.add(member.layer);
    }
    return new Functional(inputs, outputs, name(), trainable(), order);
  }

  private static void addMember(Map<String, Member> members, String at, @Nullable Object entry) {
    Map<String, @Nullable Object> map = map(at, "layers", entry);
    Layer layer = Models.layerFromConfig(at, map);
    String name = map.get("name") == null ? layer.name() : text(at, "name", map.get("name"));
    Member member = new Member(layer);
    if (layer instanceof InputLayer input) {
      member.made.add(List.of(input.output()));
    } else {
      for (Object node : list(at, "inbound_nodes", map.get("inbound_nodes"))) {
        member.calls.add(call(at + " \"" + name + "\"", layer, node));
      }
    }
    member.callCount = Math.max(member.calls.size(), member.made.size());
    if (members.put(name, member) != null) {
      throw Problem.in(at, "two layers have the same name")
          .got("\"" + name + "\" twice")
          .expected("a name of its own for each layer")
          .asInvalidArgument();
    }
  }

  /** The tensors that a layer is called on. */
  private static List<Reference> call(String at, Layer layer, @Nullable Object node) {
    Map<String, @Nullable Object> map = map(at, "inbound_nodes", node);
    List<Reference> references = new ArrayList<>();
    for (Object argument : list(at, "args", map.get("args"))) {
      collect(at, layer, argument, references, 0);
    }
    Object options = map.get("kwargs");
    if (options != null) {
      for (Map.Entry<String, @Nullable Object> e : map(at, "kwargs", options).entrySet()) {
        option(at, layer, e.getKey(), e.getValue(), references);
      }
    }
    if (references.isEmpty()) {
      throw Problem.in(at, "a call without tensors")
          .got("inbound_nodes=" + shorten(node))
          .expected("at least one tensor")
          .asInvalidArgument();
    }
    return references;
  }

  /** A named argument of a call: a tensor, or something that changes nothing here. */
  private static void option(
      String at, Layer layer, String name, @Nullable Object value, List<Reference> references) {
    boolean isMask = name.equals("mask");
    boolean isEmptyMask =
        isMask && value instanceof List<?> masks && masks.stream().allMatch(Objects::isNull);
    if (value == null || value.equals(false) || isEmptyMask) {
      return;
    }
    if (isMask || !(value instanceof Map<?, ?> || value instanceof List<?>)) {
      throw Problem.in(at, "a call with an option that is not supported")
          .got(name + "=" + shorten(value))
          .expected("calls on tensors alone")
          .asUnsupported();
    }
    collect(at, layer, value, references, 0);
  }

  private static void collect(
      String at, Layer layer, @Nullable Object argument, List<Reference> references, int depth) {
    if (depth > MAX_ARGUMENT_DEPTH) {
      throw Problem.in(at, "the arguments of a call are nested too deeply")
          .expected("at most " + MAX_ARGUMENT_DEPTH + " lists inside each other")
          .asInvalidArgument();
    }
    if (argument instanceof List<?> list) {
      for (Object item : list) {
        collect(at, layer, item, references, depth + 1);
      }
    } else if (argument instanceof Map<?, ?> tensor
        && "__keras_tensor__".equals(tensor.get("class_name"))) {
      Map<String, @Nullable Object> config = map(at, "config", tensor.get("config"));
      references.add(reference(at, "keras_history", config.get("keras_history")));
    } else if (argument instanceof Map<?, ?> byName && !byName.containsKey("class_name")) {
      for (Object item : inOrder(layer, byName)) {
        collect(at, layer, item, references, depth + 1);
      }
    } else {
      throw Problem.in(at, "a call with an argument that is not a tensor")
          .got(shorten(argument))
          .expected("{\"class_name\": \"__keras_tensor__\", \"config\": {...}}")
          .asUnsupported();
    }
  }

  /** The tensors of a map: by the input names of a model, else by the keys as Keras sorts them. */
  private static List<@Nullable Object> inOrder(Layer layer, Map<?, ?> byName) {
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    byName.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    List<@Nullable Object> values = new ArrayList<>();
    if (layer instanceof Functional model
        && sorted.keySet().equals(Set.copyOf(model.inputNames()))) {
      model.inputNames().forEach(name -> values.add(sorted.get(name)));
    } else {
      values.addAll(sorted.values());
    }
    return values;
  }

  private static Reference reference(String at, String key, @Nullable Object value) {
    if (value instanceof List<?> list
        && list.size() == 3
        && list.get(0) instanceof String layer
        && list.get(1) instanceof Number call
        && list.get(2) instanceof Number tensor) {
      return new Reference(
          layer, Config.asInteger(at, key, call), Config.asInteger(at, key, tensor));
    }
    throw Config.wrong(at, key, value, "[layer name, index of its call, index of its output]");
  }

  private void checkReferences(Map<String, Member> members, String name, Member member) {
    for (List<Reference> call : member.calls) {
      for (Reference reference : call) {
        Member source = member(members, "layer \"" + name + "\" is called on", reference);
        if (reference.call < 0 || reference.call >= source.callCount) {
          throw noSuchCall("layer \"" + name + "\" is called on", reference, source);
        }
      }
    }
  }

  private Member member(Map<String, Member> members, String what, Reference reference) {
    Member member = members.get(reference.layer);
    if (member == null) {
      throw Problem.in(where, what + " a layer that the model does not have")
          .got("\"" + reference.layer + "\"" + Check.didYouMean(reference.layer, members.keySet()))
          .expected("the name of a layer of the model")
          .asInvalidArgument();
    }
    return member;
  }

  private RuntimeException noSuchCall(String what, Reference reference, Member source) {
    return Problem.in(where, what + " an output that does not exist")
        .got(reference.layer + "[" + reference.call + "][" + reference.tensor + "]")
        .expected(
            source.callCount == 0
                ? "a layer that is called: \"" + reference.layer + "\" never is"
                : "a call from 0 to " + (source.callCount - 1) + " of \"" + reference.layer + "\"")
        .asInvalidArgument();
  }

  /** Calls the layers, each as soon as the tensors are there. */
  private void makeCalls(Map<String, Member> members) {
    Deque<String> ready = new ArrayDeque<>(members.keySet());
    Map<Call, List<String>> waiting = new HashMap<>();
    while (!ready.isEmpty()) {
      String name = ready.remove();
      Member member = member(members, "", new Reference(name, 0, 0));
      while (!member.calls.isEmpty()) {
        List<Reference> call = member.calls.element();
        Call missing = missing(members, call);
        if (missing != null) {
          waiting.computeIfAbsent(missing, key -> new ArrayList<>()).add(name);
          break;
        }
        KerasTensor[] tensors = new KerasTensor[call.size()];
        for (int i = 0; i < tensors.length; i++) {
          tensors[i] = tensor(members, "layer \"" + name + "\" is called on", call.get(i));
        }
        member.calls.remove();
        member.made.add(member.layer.applyAll(tensors));
        List<String> waken = waiting.remove(new Call(name, member.made.size() - 1));
        if (waken != null) {
          ready.addAll(waken);
        }
      }
    }
    List<String> stuck = new ArrayList<>();
    for (Map.Entry<String, Member> member : members.entrySet()) {
      if (!member.getValue().calls.isEmpty()) {
        stuck.add(member.getKey());
      }
    }
    if (!stuck.isEmpty()) {
      throw Problem.in(where, "the layers form a cycle")
          .got(String.join(", ", stuck) + " wait for each other")
          .expected("a graph without cycles")
          .asInvalidArgument();
    }
  }

  private static @Nullable Call missing(Map<String, Member> members, List<Reference> call) {
    for (Reference reference : call) {
      Member source = members.get(reference.layer);
      if (source == null || source.made.size() <= reference.call) {
        return new Call(reference.layer, reference.call);
      }
    }
    return null;
  }

  private KerasTensor tensor(Map<String, Member> members, String what, Reference reference) {
    Member source = member(members, what, reference);
    if (reference.call < 0 || reference.call >= source.made.size()) {
      throw noSuchCall(what, reference, source);
    }
    List<KerasTensor> outputs = source.made.get(reference.call);
    if (reference.tensor < 0 || reference.tensor >= outputs.size()) {
      throw Problem.in(where, what + " an output that does not exist")
          .got(reference.layer + "[" + reference.call + "][" + reference.tensor + "]")
          .expected("an output from 0 to " + (outputs.size() - 1))
          .asInvalidArgument();
    }
    return outputs.get(reference.tensor);
  }

  /** The inputs or outputs of the model: one reference, or a list or a map of them. */
  private Object ends(Map<String, Member> members, String key, @Nullable Object value, int depth) {
    if (depth > MAX_ARGUMENT_DEPTH) {
      throw Problem.in(where, key + " is nested too deeply")
          .expected("at most " + MAX_ARGUMENT_DEPTH + " lists inside each other")
          .asInvalidArgument();
    }
    if (value instanceof List<?> list && list.size() == 3 && list.get(0) instanceof String) {
      Reference reference = reference(where, key, value);
      String what = key + " has";
      if (member(members, what, reference).layer instanceof Functional) {
        // Keras counts the calls of functional models from 1 here, and only here.
        reference = new Reference(reference.layer, reference.call - 1, reference.tensor);
      }
      return tensor(members, what, reference);
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(ends(members, key, item, depth + 1)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> items = new LinkedHashMap<>();
      map.forEach(
          (name, item) -> items.put(String.valueOf(name), ends(members, key, item, depth + 1)));
      return items;
    }
    throw Config.wrong(where, key, value, "[layer name, 0, 0], or a list or map of these");
  }

  // ---- typed values

  private static String text(String where, String key, @Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw Config.wrong(where, key, value, "a string");
  }

  private static List<?> list(String where, String key, @Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw Config.wrong(where, key, value, "a list");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> map(
      String where, String key, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw Config.wrong(where, key, value, "an object {...}");
  }

  private static Shape shape(String where, String key, Object value) {
    if (value instanceof List<?> list
        && list.stream().allMatch(size -> size == null || size instanceof Number)) {
      @SuppressWarnings("unchecked")
      List<@Nullable Number> sizes = (List<@Nullable Number>) list;
      return Shape.of(sizes);
    }
    throw Config.wrong(where, key, value, "a list of sizes, null where unknown");
  }

  private static String shorten(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 120 ? text : text.substring(0, 117) + "...";
  }
}
