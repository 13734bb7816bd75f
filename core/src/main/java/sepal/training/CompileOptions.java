package sepal.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.losses.Losses;
import sepal.metrics.Metrics;
import sepal.optimizers.Optimizer;
import sepal.shape.Shape;

/** The arguments of {@code compile}, with Keras' defaults. */
public final class CompileOptions {
  /** For the meaning of "accuracy", which is not needed yet. */
  private static final Shape ANY_SHAPE = Shape.of(1, 2);

  Object optimizer = "rmsprop";
  @Nullable Object loss;
  @Nullable Object lossWeights;
  List<?> metrics = List.of();
  List<?> weightedMetrics = List.of();

  /** With Keras' defaults. */
  public CompileOptions() {}

  /** A name, an {@code Optimizer}, or a Keras configuration; rmsprop unless given. */
  public CompileOptions optimizer(Object optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  /**
   * A name, a {@code Loss}, or a Keras configuration; for a model with several outputs a list of
   * these, or a map by output name. Null leaves only penalties.
   */
  public CompileOptions loss(@Nullable Object loss) {
    this.loss = loss;
    return this;
  }

  /** For a model with several outputs: a list of numbers, or a map by output name; null for 1. */
  public CompileOptions lossWeights(@Nullable Object lossWeights) {
    this.lossWeights = lossWeights;
    return this;
  }

  /**
   * Names, {@code Metric}s or Keras configurations; for a model with several outputs a list for
   * each, or one map by output name.
   */
  public CompileOptions metrics(Object... metrics) {
    this.metrics = List.of(metrics);
    return this;
  }

  /** Metrics that heed sample and class weights; given like {@link #metrics}. */
  public CompileOptions weightedMetrics(Object... metrics) {
    this.weightedMetrics = List.of(metrics);
    return this;
  }

  /** Refuses unknown names at once; what belongs to which output is judged when they are known. */
  void check(String where) {
    if (loss instanceof Map<?, ?> map && !map.containsKey("class_name")) {
      map.values().forEach(id -> Losses.get(where, id));
    } else if (loss instanceof List<?> list) {
      list.forEach(id -> Losses.get(where, id));
    } else {
      Losses.get(where, loss);
    }
    metrics.forEach(id -> checkMetric(where, id));
    weightedMetrics.forEach(id -> checkMetric(where, id));
  }

  private static void checkMetric(String where, @Nullable Object id) {
    if (id instanceof List<?> list) {
      list.forEach(inner -> checkMetric(where, inner));
    } else if (id instanceof Map<?, ?> map && !map.containsKey("class_name")) {
      map.values().forEach(inner -> checkMetric(where, inner));
    } else {
      Metrics.get(where, id, ANY_SHAPE, ANY_SHAPE);
    }
  }

  /** Keras' {@code compile_config}, without what only Keras has a use for. */
  public Map<String, @Nullable Object> getConfig(Optimizer current) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("optimizer", current.serialize());
    config.put("loss", serialized(loss));
    config.put("loss_weights", lossWeights);
    config.put("metrics", metrics.isEmpty() ? null : serialized(metrics));
    config.put("weighted_metrics", weightedMetrics.isEmpty() ? null : serialized(weightedMetrics));
    config.put("run_eagerly", false);
    config.put("steps_per_execution", 1);
    config.put("jit_compile", false);
    return config;
  }

  private static @Nullable Object serialized(@Nullable Object value) {
    if (value instanceof Configurable configurable) {
      return configurable.serialize();
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(serialized(item)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> items = new LinkedHashMap<>();
      map.forEach((key, item) -> items.put(String.valueOf(key), serialized(item)));
      return items;
    }
    return value;
  }

  /** The arguments that Keras' {@code compile_config} holds. */
  public static CompileOptions fromConfig(Map<String, ? extends @Nullable Object> config) {
    CompileOptions options = new CompileOptions();
    Object optimizer = config.get("optimizer");
    if (optimizer != null) {
      options.optimizer = optimizer;
    }
    options.loss = config.get("loss");
    options.lossWeights = config.get("loss_weights");
    options.metrics = listed(config.get("metrics"));
    options.weightedMetrics = listed(config.get("weighted_metrics"));
    return options;
  }

  private static List<?> listed(@Nullable Object metrics) {
    return metrics == null ? List.of() : metrics instanceof List<?> list ? list : List.of(metrics);
  }
}
