package sepal.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.training.History;

/**
 * A model that Keras saved in several files beside the case: what each predicts, and for one that
 * was trained how training goes on.
 */
final class GoldenModel {
  private static final String KIND = "saved_model";
  private static final int MORE_EPOCHS = 2;

  private final GoldenCase golden;
  private final Difference difference = new Difference(false);
  private @Nullable String mismatch;

  private GoldenModel(GoldenCase golden) {
    this.golden = golden;
  }

  static boolean holds(Object json) {
    return json instanceof Map<?, ?> map && map.containsKey("files") && map.containsKey("to_json");
  }

  /** A result for each file that the case names. */
  static List<GoldenResult> run(String file, byte[] json) {
    GoldenCase golden = new GoldenCase(file, Json.parseObject(file, json));
    List<GoldenResult> results = new ArrayList<>();
    for (Object name : golden.list("files")) {
      Path saved = Path.of(file).resolveSibling(String.valueOf(name));
      results.add(new GoldenModel(golden).result(saved));
    }
    return results;
  }

  private GoldenResult result(Path saved) {
    String file = saved.toString();
    try {
      compare(saved);
    } catch (IOException | RuntimeException e) {
      mismatch = GoldenRunner.oneLine(file, e);
    }
    return mismatch == null
        ? difference.result(file, KIND)
        : GoldenResult.failed(file, KIND, mismatch);
  }

  private void compare(Path saved) throws IOException {
    boolean weightsOnly = saved.toString().endsWith(".weights.h5");
    Model model;
    if (weightsOnly) {
      model = Keras.modelFromJson(Json.write(golden.map("to_json")));
      Keras.loadWeights(model, saved);
    } else {
      model = Keras.loadModel(saved);
    }
    compare("output", model.predict(golden.tensors("inputs")), golden.tensors("outputs"));
    if (golden.has("history_2_more_epochs_after_load") && !weightsOnly) {
      goOn(model);
    }
  }

  private void goOn(Model model) {
    Tensor x = golden.tensor("train_x");
    Tensor y = golden.tensor("train_y");
    Map<String, Double> evaluated = model.evaluate(x, y);
    GoldenCase recorded = golden.object("evaluate_after_load");
    for (String name : golden.map("evaluate_after_load").keySet()) {
      compare("evaluated " + name, evaluated.get(name), recorded.number(name));
    }
    int batchSize = golden.number("batch_size").intValue();
    History history =
        model.fit(x, y, o -> o.batchSize(batchSize).epochs(MORE_EPOCHS).shuffle(false));
    GoldenCase epochs = golden.object("history_2_more_epochs_after_load");
    for (String name : golden.map("history_2_more_epochs_after_load").keySet()) {
      for (int epoch = 0; epoch < MORE_EPOCHS; epoch++) {
        List<Double> values = history.get(name);
        compare(
            name + " of epoch " + epoch,
            values.isEmpty() ? null : values.get(epoch),
            epochs.numbers(name).get(epoch));
      }
    }
    compare("weight", model.getWeights(), golden.tensors("weights_after_2_more_epochs"));
  }

  private void compare(String what, List<Tensor> own, List<Tensor> recorded) {
    if (own.size() != recorded.size()) {
      mismatch = own.size() + " times " + what + ", Keras: " + recorded.size();
      return;
    }
    for (int i = 0; i < own.size(); i++) {
      add(what + " " + i, own.get(i), recorded.get(i));
    }
  }

  private void compare(String what, @Nullable Double own, Number recorded) {
    if (own == null) {
      mismatch = what + " is missing";
    } else {
      add(what, scalar(own), scalar(recorded));
    }
  }

  private static Tensor scalar(Number value) {
    return Tensor.full(DType.FLOAT64, Shape.of(), value.doubleValue());
  }

  private void add(String what, Tensor own, Tensor recorded) {
    String reason = difference.add(what, own, recorded);
    mismatch = mismatch == null ? reason : mismatch;
  }
}
