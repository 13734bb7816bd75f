package sepal.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.models.Model;
import sepal.models.Models;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import sepal.training.CompileOptions;
import sepal.training.FitOptions;
import sepal.training.History;

/** Recorded trainings: step by step ({@code training}) and by fit ({@code fit_history}). */
final class GoldenTraining {
  /** The recorded runs differ from the same runs in float64 by less than 1.5e-6. */
  static final double TOLERANCE = 1e-4;

  private final GoldenCase golden;
  private final Difference difference;
  private final Model model;
  private final Tensor x;
  private final Tensor y;
  private @Nullable String mismatch;

  GoldenTraining(GoldenCase golden, Difference difference) {
    this.golden = golden;
    this.difference = difference;
    this.x = golden.tensor("x");
    this.y = golden.tensor("y");
    this.model = Models.fromConfig(golden.file(), golden.map("model"));
    CompileOptions options =
        CompileOptions.fromConfig(golden.object("model").map("compile_config"));
    model.compile(options);
    model.build(x.shape().with(0, Shape.UNKNOWN));
    model.setWeights(golden.tensors("initial_weights"));
  }

  /**
   * Every step a fit of one epoch on all samples; the first reason why results cannot be compared,
   * or null.
   */
  @Nullable String steps() {
    List<Number> losses = golden.numbers("loss_per_step");
    List<Number> accuracies = golden.numbers("accuracy_per_step");
    for (int step = 0; step < losses.size(); step++) {
      int samples = x.shape().get(0);
      History history = model.fit(x, y, o -> o.batchSize(samples).shuffle(false));
      compare("loss of step " + step, history.get("loss").get(0), losses.get(step));
      compare("accuracy of step " + step, history.get("accuracy").get(0), accuracies.get(step));
      if (step < 2) {
        compareAll("weight after step " + (step + 1), "weights_after_step_" + (step + 1));
      }
    }
    compareAll("final weight", "final_weights");
    compareOptimizer();
    compareLogs("evaluate", model.evaluate(x, y), golden.map("final_evaluate"));
    add("prediction", model.predict(x), golden.tensor("final_predict"));
    return mismatch;
  }

  /** The numbers alone, since the counter's type depends on the machine that Keras ran on. */
  private void compareOptimizer() {
    List<Tensor> recorded = golden.tensors("optimizer_variables_final");
    List<Tensor> own = model.trainer().optimizer().variables();
    if (own.size() != recorded.size()) {
      mismatch = own.size() + " optimizer variables, Keras: " + recorded.size();
      return;
    }
    for (int i = 0; i < own.size(); i++) {
      Tensor value = own.get(i).cast(recorded.get(i).dtype());
      add("optimizer variable " + i, value, recorded.get(i));
    }
  }

  /** A call of fit; the first reason why results cannot be compared, or null. */
  @Nullable String fit() {
    History history = model.fit(x, y, this::fitArguments);
    Map<String, List<Double>> values = history.values();
    Map<String, @Nullable Object> recorded = golden.map("history");
    if (!values.keySet().equals(recorded.keySet())) {
      return "the history has " + values.keySet() + ", Keras: " + recorded.keySet();
    }
    for (String name : recorded.keySet()) {
      List<Number> epochs = golden.object("history").numbers(name);
      for (int epoch = 0; epoch < epochs.size(); epoch++) {
        compare(name + " of epoch " + epoch, history.get(name).get(epoch), epochs.get(epoch));
      }
    }
    compareAll("final weight", "final_weights");
    Map<String, Double> evaluated = model.evaluate(List.of(x), List.of(y), 4);
    compareLogs("evaluate", evaluated, golden.map("evaluate_batch4"));
    return mismatch;
  }

  private void fitArguments(FitOptions o) {
    GoldenCase arguments = golden.object("fit_args");
    o.batchSize(arguments.number("batch_size").intValue());
    o.epochs(arguments.number("epochs").intValue());
    o.shuffle(arguments.flag("shuffle"));
    if (arguments.has("validation_split")) {
      o.validationSplit(arguments.number("validation_split").doubleValue());
    }
    if (arguments.has("class_weight")) {
      Map<Integer, Double> weights = new LinkedHashMap<>();
      GoldenCase given = arguments.object("class_weight");
      for (String label : arguments.map("class_weight").keySet()) {
        weights.put(Integer.valueOf(label), given.number(label).doubleValue());
      }
      o.classWeight(weights);
    }
    if (golden.has("sample_weight")) {
      o.sampleWeight(golden.tensor("sample_weight"));
    }
    if (golden.has("validation_x")) {
      o.validationData(golden.tensor("validation_x"), golden.tensor("validation_y"));
    }
  }

  private void compareAll(String what, String key) {
    List<Tensor> recorded = golden.tensors(key);
    List<Tensor> own = model.getWeights();
    if (own.size() != recorded.size()) {
      mismatch = own.size() + " weights, Keras: " + recorded.size();
      return;
    }
    IntStream.range(0, own.size()).forEach(i -> add(what + " " + i, own.get(i), recorded.get(i)));
  }

  private void compareLogs(
      String what, Map<String, Double> logs, Map<String, @Nullable Object> recorded) {
    for (String name : new ArrayList<>(recorded.keySet())) {
      compare(what + " " + name, logs.get(name), (Number) recorded.get(name));
    }
  }

  private void compare(String what, @Nullable Double own, @Nullable Number recorded) {
    if (own == null || recorded == null) {
      mismatch = what + (own == null ? " is missing" : " is not recorded");
    } else {
      add(what, scalar(own), scalar(recorded));
    }
  }

  private static Tensor scalar(Number value) {
    return Tensor.full(sepal.tensor.DType.FLOAT64, Shape.of(), value.doubleValue());
  }

  private void add(String what, Tensor own, Tensor recorded) {
    String reason = difference.add(what, own, recorded);
    mismatch = mismatch == null ? reason : mismatch;
  }
}
