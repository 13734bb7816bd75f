package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.check.InvalidArgument;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.training.FitOptions;
import sepal.training.History;

/** Training goes on after loading as if it had never stopped, here and where Keras stopped. */
class ResumedTrainingTest {
  private static final Path MODELS = Path.of("src/test/resources/golden/models");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "fitted_adam, .keras",
    "fitted_adam, .h5",
    "fitted_rmsprop, .keras",
    "fitted_rmsprop, .h5",
    "fitted_sgd_momentum, .keras",
    "fitted_sgd_momentum, .h5"
  })
  void a_model_that_keras_trained_goes_on_as_in_keras(String name, String extension)
      throws IOException {
    Path file = MODELS.resolve(name + ".json");
    GoldenCase recorded = new GoldenCase(name, Json.parseObject(name, Files.readAllBytes(file)));
    Tensor x = recorded.tensor("train_x");
    Tensor y = recorded.tensor("train_y");
    Model model = Keras.loadModel(MODELS.resolve(name + extension));

    assertClose(model.evaluate(x, y), recorded.map("evaluate_after_load"));

    History history = model.fit(x, y, o -> o.batchSize(6).epochs(2).shuffle(false));
    recorded
        .map("history_2_more_epochs_after_load")
        .forEach(
            (metric, values) -> {
              for (int epoch = 0; epoch < 2; epoch++) {
                assertThat(history.get(metric).get(epoch))
                    .as(metric + ", epoch " + epoch)
                    .isCloseTo(
                        ((Number) ((List<?>) values).get(epoch)).doubleValue(), within(1e-5));
              }
            });
    List<Tensor> expected = recorded.tensors("weights_after_2_more_epochs");
    List<Tensor> weights = model.getWeights();
    assertThat(weights).hasSameSizeAs(expected);
    for (int i = 0; i < weights.size(); i++) {
      assertThat(weights.get(i).toFloatArray())
          .as(model.weights().get(i).path())
          .containsExactly(expected.get(i).toFloatArray(), within(1e-5f));
    }
  }

  private static void assertClose(Map<String, Double> found, Map<String, ?> expected) {
    assertThat(found.keySet()).containsAll(expected.keySet());
    expected.forEach(
        (metric, value) ->
            assertThat(found.get(metric))
                .as(metric)
                .isCloseTo(((Number) value).doubleValue(), within(1e-5)));
  }

  /** Optimizers with every kind of state. */
  static List<Map<String, Object>> optimizers() {
    Map<String, Object> schedule =
        Map.of(
            "class_name",
            "CosineDecay",
            "config",
            Map.of("initial_learning_rate", 0.01, "decay_steps", 20));
    return List.of(
        optimizer("SGD", Map.of()),
        optimizer("SGD", Map.of("momentum", 0.9, "nesterov", true, "learning_rate", schedule)),
        optimizer("Adam", Map.of("amsgrad", true)),
        optimizer("Adam", Map.of("gradient_accumulation_steps", 2)),
        optimizer("AdamW", Map.of("use_ema", true, "ema_momentum", 0.9)),
        optimizer("Nadam", Map.of()),
        optimizer("RMSprop", Map.of("momentum", 0.5, "centered", true)),
        optimizer("Adagrad", Map.of()),
        optimizer("Adadelta", Map.of()),
        optimizer("Adamax", Map.of()),
        optimizer("Ftrl", Map.of()),
        optimizer("Lion", Map.of()));
  }

  private static Map<String, Object> optimizer(String className, Map<String, Object> config) {
    return Map.of("class_name", className, "config", config);
  }

  private static Model model(Map<String, Object> optimizer) {
    Model model =
        new Sequential(
            "resumed",
            new SeparableConv2D(4, 3, o -> o.inputShape(6, 6, 2).activation("relu")),
            new BatchNormalization(),
            new GlobalAveragePooling2D(),
            new Dense(3, o -> o.activation("softmax")));
    Random random = new Random(3);
    for (Weight weight : model.weights()) {
      weight.assign(random(random, weight.shape()));
    }
    model.compile(optimizer, "sparse_categorical_crossentropy", "accuracy");
    return model;
  }

  private static Tensor random(Random random, Shape shape) {
    double[] values = random.doubles(shape.size(), 0.1, 1).toArray();
    return Tensor.wrap(values, shape).cast(DType.FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void saving_in_the_middle_of_training_changes_no_bit(Map<String, Object> optimizer)
      throws IOException {
    Tensor x = random(new Random(4), Shape.of(10, 6, 6, 2));
    Tensor y = Tensor.of(new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, 10);
    Consumer<FitOptions> first = o -> o.batchSize(4).epochs(2);
    Consumer<FitOptions> more = o -> o.batchSize(4).epochs(4).initialEpoch(2);
    Model straight = model(optimizer);
    straight.fit(x, y, first);
    Map<String, Model> loaded = new LinkedHashMap<>();
    for (String extension : List.of(".keras", ".h5")) {
      Path file = directory.resolve("middle" + extension);
      Keras.saveModel(straight, file);
      loaded.put(extension, Keras.loadModel(file));
    }
    Path weights = directory.resolve("middle.weights.h5");
    Keras.saveWeights(straight, weights);
    Model reloaded = model(optimizer);
    // As in Keras an optimizer must have been used before it takes variables from a file of
    // weights.
    reloaded.fit(random(new Random(5), Shape.of(4, 6, 6, 2)), y.rows(0, 4), o -> o.epochs(3));
    Keras.loadWeights(reloaded, weights);
    loaded.put(".weights.h5", reloaded);

    History expected = straight.fit(x, y, more);

    loaded.forEach(
        (extension, model) -> {
          History found = model.fit(x, y, more);
          assertThat(found.values()).as(extension).isEqualTo(expected.values());
          for (int i = 0; i < model.weights().size(); i++) {
            assertThat(model.getWeights().get(i).floats())
                .as(extension + ", " + model.weights().get(i).path())
                .isEqualTo(straight.getWeights().get(i).floats());
          }
          assertThat(model.trainer().optimizer().iterations())
              .isEqualTo(straight.trainer().optimizer().iterations());
        });
  }

  @Test
  void without_compiling_the_model_alone_is_loaded() throws IOException {
    for (String extension : List.of(".keras", ".h5")) {
      Path file = MODELS.resolve("fitted_adam" + extension);

      assertThat(Keras.loadModel(file).isCompiled()).isTrue();
      assertThat(Keras.loadModel(file, o -> o.compile(false)).isCompiled()).isFalse();
    }
  }

  @Test
  void a_loss_that_is_not_known_is_named_with_the_way_around_it() throws IOException {
    Model model = Keras.loadModel(MODELS.resolve("fitted_adam.keras"));
    String json = Keras.toJson(model).replace("sparse_categorical_crossentropy", "my_loss");

    assertThatThrownBy(() -> Keras.modelFromJson(json))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("unknown loss")
        .hasMessageContaining("\"my_loss\"")
        .hasMessageContaining("options -> options.compile(false)");
    assertThat(Keras.modelFromJson(json, o -> o.compile(false)).isCompiled()).isFalse();
  }
}
