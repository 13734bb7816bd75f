package sepal.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/** What Keras itself provides. */
abstract class BuiltIn implements Metric {
  private final String className;
  private final Map<String, @Nullable Object> config;
  private final Direction direction;

  /**
   * @param arguments all of which have been read
   */
  BuiltIn(Arguments arguments, Direction direction) {
    this.className = arguments.className();
    this.config = new LinkedHashMap<>(arguments.read());
    this.direction = direction;
  }

  @Override
  public final String name() {
    return String.valueOf(config.get("name"));
  }

  /** Keras gives a metric that was asked for by a string the name of that string. */
  final void rename(String name) {
    config.put("name", name);
  }

  @Override
  public final Direction direction() {
    return direction;
  }

  @Override
  public final String className() {
    return className;
  }

  @Override
  public final String module() {
    return "keras.metrics";
  }

  @Override
  public final Map<String, @Nullable Object> getConfig() {
    return Collections.unmodifiableMap(config);
  }

  static Tensor scalar(double value) {
    return Tensor.of(new double[] {value});
  }

  static double divide(double a, double b) {
    return b == 0 ? 0 : a / b;
  }

  /** As {@code Class "name"}. */
  @Override
  public String toString() {
    return className + " \"" + name() + "\"";
  }
}
