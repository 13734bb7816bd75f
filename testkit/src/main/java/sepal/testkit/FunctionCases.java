package sepal.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.check.InvalidArgument;
import sepal.constraints.Constraint;
import sepal.constraints.Constraints;
import sepal.layers.Layers;
import sepal.losses.Loss;
import sepal.losses.Losses;
import sepal.metrics.Metric;
import sepal.metrics.Metrics;
import sepal.optimizers.LearningRateSchedule;
import sepal.optimizers.Schedules;
import sepal.regularizers.Regularizer;
import sepal.regularizers.Regularizers;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Files that hold many small cases: what Keras' activations, losses, metrics, regularizers,
 * constraints and schedules gave, and reference values of resized images.
 */
final class FunctionCases {
  private final String file;
  private final List<GoldenResult> results = new ArrayList<>();

  private FunctionCases(String file) {
    this.file = file;
  }

  /** Whether a file is of this kind: it is a list, or an object without a kind. */
  static boolean holds(@Nullable Object json) {
    return json instanceof List<?> list
        ? !list.isEmpty()
        : json instanceof Map<?, ?> map
            && !map.containsKey("kind")
            && (map.containsKey("default_args") || map.containsKey("cases"));
  }

  /** One result for each case in the file. */
  @SuppressWarnings("unchecked")
  static List<GoldenResult> run(String file, Object json) {
    FunctionCases cases = new FunctionCases(file);
    if (json instanceof List<?> list) {
      cases.each(list, null);
    } else {
      GoldenCase all = new GoldenCase(file, (Map<String, @Nullable Object>) json);
      if (all.has("default_args")) {
        cases.activations(all);
      } else {
        cases.each(all.list("cases"), all.has("inputs") ? all.object("inputs") : null);
      }
    }
    return cases.results;
  }

  /** What a case does: it adds to the difference, and returns a reason why it cannot. */
  @FunctionalInterface
  private interface Body {
    @Nullable String run(Difference difference);
  }

  private void add(String kind, String name, Body body) {
    String where = file + ", " + name;
    try {
      Difference difference = new Difference(false);
      String mismatch = body.run(difference);
      results.add(
          mismatch == null
              ? difference.result(where, kind)
              : GoldenResult.failed(where, kind, mismatch));
    } catch (RuntimeException | AssertionError e) {
      results.add(GoldenResult.failed(where, kind, GoldenRunner.oneLine(file, e)));
    }
  }

  private void each(List<?> cases, @Nullable GoldenCase inputs) {
    for (int i = 0; i < cases.size(); i++) {
      String at = "case " + i;
      if (!(cases.get(i) instanceof Map<?, ?> map)) {
        results.add(GoldenResult.failed(file + ", " + at, "unknown", "it is not an object"));
        continue;
      }
      @SuppressWarnings("unchecked")
      GoldenCase golden = new GoldenCase(file, (Map<String, @Nullable Object>) map);
      try {
        one(at, golden, inputs);
      } catch (InvalidArgument e) {
        results.add(
            GoldenResult.failed(file + ", " + at, "unknown", GoldenRunner.oneLine(file, e)));
      }
    }
  }

  private void one(String at, GoldenCase golden, @Nullable GoldenCase inputs) {
    if (golden.has("interpolation")) {
      add("image_resize", at + " " + golden.text("interpolation"), d -> resize(golden, d));
      return;
    }
    GoldenCase serialized = golden.object("serialized");
    String module = serialized.text("module");
    String name = at + " " + serialized.text("class_name");
    Map<String, @Nullable Object> identifier = golden.map("serialized");
    switch (module) {
      case "keras.losses" -> add("loss", name, d -> loss(identifier, golden, d));
      case "keras.metrics" -> add("metric", name, d -> metric(identifier, golden, d));
      case "keras.optimizers.schedules" ->
          add("schedule", name, d -> schedule(identifier, golden, d));
      case "keras.regularizers" ->
          add("regularizer", name, d -> regularizer(identifier, golden, inputs(inputs), d));
      case "keras.constraints" ->
          add("constraint", name, d -> constraint(identifier, golden, inputs(inputs), d));
      default ->
          results.add(
              GoldenResult.failed(
                  file + ", " + name, "unknown", "module " + module + " not supported yet"));
    }
  }

  private GoldenCase inputs(@Nullable GoldenCase inputs) {
    return Objects.requireNonNullElseGet(inputs, () -> new GoldenCase(file, Map.of()));
  }

  // ---- activations

  private void activations(GoldenCase all) {
    Tensor input = all.tensor("input");
    GoldenCase plain = all.object("default_args");
    for (String name : all.map("default_args").keySet()) {
      GoldenCase golden = plain.object(name);
      add("activation", name, d -> activation(name, golden, input, d));
    }
    GoldenCase others = all.object("with_args");
    for (String name : all.map("with_args").keySet()) {
      GoldenCase golden = others.object(name);
      add(
          "activation",
          name,
          d ->
              d.add(
                  "output",
                  withArguments(golden.text("function"), golden.map("kwargs")).apply(input),
                  golden.tensor("output")));
    }
  }

  /** A function that needs arguments must be refused without them. */
  private static @Nullable String activation(
      String name, GoldenCase golden, Tensor input, Difference difference) {
    if (golden.has("error")) {
      try {
        Activations.get("activation", name);
        return "it works without arguments, Keras: " + golden.text("error");
      } catch (InvalidArgument refused) {
        return null;
      }
    }
    Activation activation = Activations.get("activation", name);
    Tensor recorded = golden.tensor("output");
    String mismatch = difference.add("output", activation.apply(input), recorded);
    if (mismatch != null) {
      return mismatch;
    }
    boolean alongAxis = List.of("softmax", "log_softmax", "sparsemax", "glu").contains(name);
    double[] upstream = new double[recorded.size()];
    for (int i = 0; i < upstream.length; i++) {
      upstream[i] = alongAxis ? i / 10.0 : 1;
    }
    Tensor gradient =
        gradient(
            activation::apply,
            input,
            Tensor.wrap(upstream, recorded.shape()).cast(recorded.dtype()));
    return difference.add("gradient", gradient, golden.tensor("grad"));
  }

  /** The object that takes the arguments of a function. */
  private static Activation withArguments(String function, Map<String, @Nullable Object> kwargs) {
    String className =
        switch (function) {
          case "relu" -> "ReLU";
          case "elu" -> "ELU";
          case "leaky_relu" -> "LeakyReLU";
          case "hard_shrink" -> "HardShrink";
          case "soft_shrink" -> "SoftShrink";
          default -> Character.toUpperCase(function.charAt(0)) + function.substring(1);
        };
    return Activations.get("activation", Map.of("class_name", className, "config", kwargs));
  }

  private static Tensor gradient(UnaryOperator<Tensor> function, Tensor x, Tensor upstream) {
    try (Tape tape = new Tape()) {
      tape.watch(x);
      Tensor y = function.apply(x);
      return Objects.requireNonNull(
          tape.gradient(y, upstream, List.of(x)).get(0), "there is no gradient");
    }
  }

  private static Tensor gradient(UnaryOperator<Tensor> function, Tensor x) {
    Tensor y = function.apply(x);
    return gradient(function, x, Tensor.full(y.dtype(), y.shape(), 1));
  }

  // ---- losses and metrics

  private static @Nullable String loss(
      Object identifier, GoldenCase golden, Difference difference) {
    Loss loss = Objects.requireNonNull(Losses.get("loss", identifier));
    Tensor yTrue = golden.tensor("y_true");
    Tensor yPred = golden.tensor("y_pred");
    Tensor weight = golden.has("sample_weight") ? golden.tensor("sample_weight") : null;
    String mismatch =
        difference.add("value", loss.apply(yTrue, yPred, weight), golden.tensor("value"));
    return mismatch != null
        ? mismatch
        : difference.add(
            "gradient",
            gradient(p -> loss.apply(yTrue, p, weight), yPred),
            golden.tensor("grad_y_pred"));
  }

  private static @Nullable String metric(
      Object identifier, GoldenCase golden, Difference difference) {
    Metric metric = Objects.requireNonNull(Metrics.get("metric", identifier));
    List<GoldenCase> updates = golden.objects("updates");
    for (int i = 0; i < updates.size(); i++) {
      GoldenCase update = updates.get(i);
      Tensor weight = update.has("sample_weight") ? update.tensor("sample_weight") : null;
      metric.update(update.tensor("y_true"), update.tensor("y_pred"), weight);
      String mismatch =
          difference.add("result " + i, scalar(metric.result()), scalar(update.number("result")));
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  private static Tensor scalar(Number value) {
    return Tensor.scalar(value.floatValue());
  }

  // ---- schedules, regularizers, constraints

  private static @Nullable String schedule(
      Object identifier, GoldenCase golden, Difference difference) {
    LearningRateSchedule schedule = Objects.requireNonNull(Schedules.get("schedule", identifier));
    List<Number> recorded = golden.numbers("values");
    float[] rates = new float[recorded.size()];
    float[] expected = new float[rates.length];
    for (int step = 0; step < rates.length; step++) {
      rates[step] = (float) schedule.apply(step);
      expected[step] = recorded.get(step).floatValue();
    }
    return difference.add(
        "rate",
        Tensor.wrap(rates, Shape.of(rates.length)),
        Tensor.wrap(expected, Shape.of(rates.length)));
  }

  private static @Nullable String regularizer(
      Object identifier, GoldenCase golden, GoldenCase inputs, Difference difference) {
    Regularizer regularizer = Objects.requireNonNull(Regularizers.get("regularizer", identifier));
    GoldenCase values = golden.object("values");
    for (String input : golden.map("values").keySet()) {
      Tensor x = inputs.tensor(input);
      String mismatch =
          difference.add("value of " + input, regularizer.apply(x), scalar(values.number(input)));
      if (mismatch != null) {
        return mismatch;
      }
    }
    GoldenCase gradients = golden.object("grads");
    for (String input : golden.map("grads").keySet()) {
      Tensor gradient = gradient(regularizer::apply, inputs.tensor(input));
      String mismatch = difference.add("gradient of " + input, gradient, gradients.tensor(input));
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  private static @Nullable String constraint(
      Object identifier, GoldenCase golden, GoldenCase inputs, Difference difference) {
    Constraint constraint = Objects.requireNonNull(Constraints.get("constraint", identifier));
    GoldenCase outputs = golden.object("outputs");
    for (String input : golden.map("outputs").keySet()) {
      Tensor weight = constraint.apply(inputs.tensor(input));
      String mismatch = difference.add("output for " + input, weight, outputs.tensor(input));
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  // ---- images

  private static @Nullable String resize(GoldenCase golden, Difference difference) {
    Map<String, @Nullable Object> config =
        Map.of(
            "size", golden.numbers("size"),
            "interpolation", golden.text("interpolation"),
            "data_format", "channels_last");
    Tensor resized =
        Layers.fromConfig("image_resize", "UpSampling2D", config).apply(golden.tensor("input"));
    return difference.add("output", resized, golden.tensor("output"));
  }
}
