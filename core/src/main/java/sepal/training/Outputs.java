package sepal.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.losses.Loss;
import sepal.losses.Losses;
import sepal.metrics.Metric;
import sepal.metrics.Metrics;
import sepal.tensor.Tensor;

/** What {@code compile} asked for, output by output. */
final class Outputs {
  private final String where;
  private final List<String> names;
  private final List<@Nullable Loss> losses;
  private final List<Double> lossWeights;
  private final List<List<Object>> metricIds;
  private final List<List<Object>> weightedIds;

  /** Made at the first batch, since "accuracy" means what the labels look like. */
  private @Nullable List<List<Metric>> metrics;

  private @Nullable List<List<Metric>> weighted;
  private final List<Mean> outputLosses = new ArrayList<>();

  /** A mean weighted by batch size. */
  static final class Mean {
    private double sum;
    private double count;

    void add(double value, double weight) {
      sum += value * weight;
      count += weight;
    }

    double result() {
      return count == 0 ? 0 : sum / count;
    }

    void reset() {
      sum = 0;
      count = 0;
    }
  }

  Outputs(String where, List<String> names, CompileOptions options) {
    this.where = where;
    this.names = names;
    this.losses = new ArrayList<>();
    for (Object id : perOutput("loss", options.loss)) {
      losses.add(Losses.get(where, id));
    }
    this.lossWeights = new ArrayList<>();
    for (Object weight : perOutput("lossWeights", options.lossWeights)) {
      lossWeights.add(weight instanceof Number number ? number.doubleValue() : 1.0);
    }
    this.metricIds = metricIds("metrics", options.metrics);
    this.weightedIds = metricIds("weightedMetrics", options.weightedMetrics);
    names.forEach(name -> outputLosses.add(new Mean()));
  }

  boolean hasLoss() {
    return losses.stream().anyMatch(loss -> loss != null);
  }

  /** One entry for each output from a single value, a list, or a map by name. */
  private List<@Nullable Object> perOutput(String argument, @Nullable Object given) {
    List<@Nullable Object> result = new ArrayList<>();
    if (given instanceof Map<?, ?> map && !map.containsKey("class_name")) {
      for (Object key : map.keySet()) {
        if (!names.contains(String.valueOf(key))) {
          throw Problem.in(where, argument + " names an unknown output")
              .got("\"" + key + "\"" + Check.didYouMean(String.valueOf(key), names))
              .expected("one of " + String.join(", ", names))
              .asInvalidArgument();
        }
      }
      names.forEach(name -> result.add(map.get(name)));
    } else if (given instanceof List<?> list) {
      if (list.size() != names.size()) {
        throw Problem.in(where, argument + " must have one entry for each output")
            .got(list.size())
            .expected(names.size() + "   (" + String.join(", ", names) + ")")
            .asInvalidArgument();
      }
      result.addAll(list);
    } else {
      names.forEach(name -> result.add(given));
    }
    return result;
  }

  private List<List<Object>> metricIds(String argument, List<?> given) {
    Object single = given.size() == 1 ? given.get(0) : null;
    boolean byName = single instanceof Map<?, ?> map && !map.containsKey("class_name");
    boolean byOutput = names.size() > 1 && given.size() == names.size();
    List<List<Object>> result = new ArrayList<>();
    if (byName || byOutput) {
      for (Object ids : perOutput(argument, byName ? single : given)) {
        result.add(
            ids == null ? List.of() : ids instanceof List<?> l ? List.copyOf(l) : List.of(ids));
      }
    } else {
      names.forEach(name -> result.add(List.copyOf(given)));
    }
    return result;
  }

  /** A term of the total loss: a scalar on the tape and its factor. */
  record Term(Tensor value, double factor) {}

  /** The weighted losses of all outputs; the means of single outputs are kept for the logs. */
  List<Term> lossTerms(List<Tensor> y, List<Tensor> predicted, @Nullable Tensor weight, int size) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Loss loss = losses.get(i);
      if (loss != null) {
        Tensor value = loss.apply(y.get(i), predicted.get(i), weight);
        terms.add(new Term(value, lossWeights.get(i)));
        outputLosses.get(i).add(value.get(0), size);
      }
    }
    return terms;
  }

  void updateMetrics(List<Tensor> y, List<Tensor> predicted, @Nullable Tensor weight) {
    List<List<Metric>> plain = metrics;
    List<List<Metric>> heeding = weighted;
    if (plain == null || heeding == null) {
      plain = resolve(metricIds, y, predicted);
      heeding = resolve(weightedIds, y, predicted);
      metrics = plain;
      weighted = heeding;
    }
    for (int i = 0; i < names.size() && i < y.size(); i++) {
      for (Metric metric : plain.get(i)) {
        metric.update(y.get(i), predicted.get(i), null);
      }
      for (Metric metric : heeding.get(i)) {
        metric.update(y.get(i), predicted.get(i), weight);
      }
    }
  }

  private List<List<Metric>> resolve(
      List<List<Object>> ids, List<Tensor> y, List<Tensor> predicted) {
    List<List<Metric>> result = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<Metric> list = new ArrayList<>();
      for (Object id : ids.get(i)) {
        Metric metric = Metrics.get(where, id, y.get(i).shape(), predicted.get(i).shape());
        list.add(Objects.requireNonNull(metric));
      }
      result.add(list);
    }
    return result;
  }

  void reset() {
    outputLosses.forEach(Mean::reset);
    for (List<List<Metric>> all : Arrays.asList(metrics, weighted)) {
      if (all != null) {
        all.forEach(list -> list.forEach(Metric::reset));
      }
    }
  }

  /** The losses of single outputs, if there are several, and all metrics. */
  Map<String, Double> logs() {
    Map<String, Double> logs = new LinkedHashMap<>();
    for (int i = 0; names.size() > 1 && i < names.size(); i++) {
      if (losses.get(i) != null) {
        logs.put(names.get(i) + "_loss", outputLosses.get(i).result());
      }
    }
    named().forEach((name, metric) -> logs.put(name, metric.result()));
    return logs;
  }

  Metric.Direction direction(String name) {
    Metric metric = named().get(name);
    if (metric != null) {
      return metric.direction();
    }
    return name.endsWith("_loss") ? Metric.Direction.DOWN : Metric.Direction.UNKNOWN;
  }

  /** The metrics under the names that logs have for them. */
  private Map<String, Metric> named() {
    Map<String, Metric> named = new LinkedHashMap<>();
    for (List<List<Metric>> all : Arrays.asList(metrics, weighted)) {
      for (int i = 0; all != null && i < names.size(); i++) {
        for (Metric metric : all.get(i)) {
          String name = metric.name();
          named.put(names.size() > 1 ? names.get(i) + "_" + name : name, metric);
        }
      }
    }
    return named;
  }
}
