package sepal.layers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sepal.config.Names;

/** Automatic names, counted for the whole process as Keras does: dense, dense_1, dense_2. */
final class LayerNames {
  private static final Map<String, Integer> COUNTERS = new ConcurrentHashMap<>();

  private LayerNames() {}

  static String next(String className) {
    String base = Names.snakeCase(className);
    int count = COUNTERS.merge(base, 1, Integer::sum) - 1;
    return count == 0 ? base : base + "_" + count;
  }

  static void reset() {
    COUNTERS.clear();
  }
}
