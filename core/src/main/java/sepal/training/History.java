package sepal.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code fit} saw: for each epoch the loss and the metrics, {@code val_} before those of
 * validation.
 */
public final class History {
  private final List<Integer> epochs = new ArrayList<>();
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  History() {}

  void add(int epoch, Map<String, Double> logs) {
    epochs.add(epoch);
    logs.forEach((name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** The epochs that ended, counted from 0. */
  public List<Integer> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  /** One value for each epoch; an unknown name gives an empty list. */
  public List<Double> get(String name) {
    return Collections.unmodifiableList(values.getOrDefault(name, List.of()));
  }

  /** All values by name. */
  public Map<String, List<Double>> values() {
    return Collections.unmodifiableMap(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
