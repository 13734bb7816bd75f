package sepal.layers;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Losses or updates of a layer, each belonging to calls on certain inputs, or, without inputs, to
 * all calls.
 */
final class Conditional<T> {
  private final List<Entry<T>> entries = new CopyOnWriteArrayList<>();

  private record Entry<T>(T value, List<KerasTensor> inputs) {}

  void add(T value, KerasTensor... inputs) {
    entries.add(new Entry<>(value, List.of(inputs)));
  }

  List<T> all() {
    return entries.stream().map(Entry::value).toList();
  }

  /** Those of exactly these inputs, in this order; of no inputs, the unconditional ones. */
  List<T> of(List<KerasTensor> inputs) {
    return entries.stream() // symbolic tensors are equal only to themselves
        .filter(entry -> entry.inputs.equals(inputs))
        .map(Entry::value)
        .toList();
  }
}
