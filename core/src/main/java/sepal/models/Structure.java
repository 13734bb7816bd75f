package sepal.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.KerasTensor;

/**
 * The inputs or the outputs of a model in the form they were given: one tensor, a list, or a map by
 * name, or these nested. Flat, a map's tensors are in the order of its keys, as in Keras.
 */
final class Structure {
  private static final int MAX_DEPTH = 16;

  private final Object form;
  private final List<KerasTensor> tensors = new ArrayList<>();
  private final List<String> names;

  /**
   * @param where the model, for the error message
   * @param what {@code inputs} or {@code outputs}
   * @param form a tensor, or a list or a map of forms
   */
  Structure(String where, String what, Object form) {
    this.form = form;
    List<String> wanted = new ArrayList<>();
    flatten(where, what, form, null, 0, wanted);
    if (tensors.isEmpty()) {
      throw Problem.in(where, "a model needs " + what)
          .got("no " + what)
          .expected("at least one tensor")
          .asInvalidArgument();
    }
    this.names = unique(wanted);
  }

  private void flatten(
      String where,
      String what,
      @Nullable Object part,
      @Nullable String key,
      int depth,
      List<String> wanted) {
    if (depth > MAX_DEPTH) {
      throw Problem.in(where, "the " + what + " are nested too deeply")
          .expected("at most " + MAX_DEPTH + " lists inside each other")
          .asInvalidArgument();
    }
    if (part instanceof KerasTensor tensor) {
      tensors.add(tensor);
      wanted.add(key == null ? tensor.node().layer().name() : key);
    } else if (part instanceof List<?> list) {
      list.forEach(item -> flatten(where, what, item, null, depth + 1, wanted));
    } else if (part instanceof Map<?, ?> map) {
      sorted(map).forEach((name, item) -> flatten(where, what, item, name, depth + 1, wanted));
    } else {
      throw Problem.in(where, what + " of a model must be symbolic tensors")
          .got(part)
          .expected("what Input.of(...) or a layer's apply(...) returned")
          .asInvalidArgument();
    }
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    return sorted;
  }

  private static List<String> unique(List<String> wanted) {
    Set<String> names = new LinkedHashSet<>();
    Map<String, Integer> numbers = new HashMap<>(); // not from 1 again: there may be thousands
    for (String name : wanted) {
      String candidate = name;
      while (!names.add(candidate)) {
        candidate = name + "_" + numbers.merge(name, 1, Integer::sum);
      }
    }
    return List.copyOf(names);
  }

  List<KerasTensor> tensors() {
    return tensors;
  }

  /** The keys of a map; elsewhere the names of the layers that the tensors come from. */
  List<String> names() {
    return names;
  }

  /** The same form with something else in the place of every tensor. */
  Object map(Function<KerasTensor, ?> replacement) {
    return pack(tensors.stream().map(replacement).toList());
  }

  /** The same form with these in the places of the tensors. */
  Object pack(List<?> flat) {
    return pack(form, new ArrayList<>(flat).iterator());
  }

  private static Object pack(Object part, java.util.Iterator<?> flat) {
    if (part instanceof List<?> list) {
      List<Object> packed = new ArrayList<>();
      list.forEach(item -> packed.add(pack(item, flat)));
      return packed;
    }
    if (part instanceof Map<?, ?> map) {
      Map<String, Object> packed = new LinkedHashMap<>();
      map.keySet().forEach(key -> packed.put(String.valueOf(key), key));
      sorted(map).forEach((key, item) -> packed.put(key, pack(item, flat)));
      return packed;
    }
    return flat.next();
  }
}
