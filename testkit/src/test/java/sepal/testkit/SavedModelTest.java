package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.tensor.Tensor;

/** Models that Keras 3.16 saved in three formats, with inputs and the outputs it computed. */
class SavedModelTest {
  private static final Path MODELS = Path.of("src/test/resources/golden/models");

  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(MODELS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  private static GoldenCase recorded(String name) throws IOException {
    String file = MODELS.resolve(name + ".json").toString();
    return new GoldenCase(file, Json.parseObject(file, Files.readAllBytes(Path.of(file))));
  }

  private static void assertOutputs(String name, Model model) throws IOException {
    GoldenCase recorded = recorded(name);
    List<Tensor> outputs = model.predict(recorded.tensors("inputs"));
    List<Tensor> expected = recorded.tensors("outputs");
    assertThat(outputs).hasSameSizeAs(expected);
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(outputs.get(i).shape()).isEqualTo(expected.get(i).shape());
      assertThat(outputs.get(i).toFloatArray())
          .as(name + ", output " + i)
          .containsExactly(expected.get(i).toFloatArray(), within(1e-5f));
    }
  }

  @Test
  void there_are_fourteen_models() throws IOException {
    assertThat(models()).hasSize(14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fitted_adam", "fitted_rmsprop", "fitted_sgd_momentum"})
  void the_summary_of_a_trained_model_counts_the_optimizer_as_in_keras(String name)
      throws IOException {
    String expected = recorded(name).text("summary").stripTrailing();

    for (String extension : List.of(".keras", ".h5")) {
      String summary = Keras.loadModel(MODELS.resolve(name + extension)).summary();

      assertThat(summary.stripTrailing()).as(extension).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_model_from_a_keras_archive_predicts_as_keras(String name) throws IOException {
    assertOutputs(name, Keras.loadModel(MODELS.resolve(name + ".keras")));
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_model_from_a_legacy_file_predicts_as_keras(String name) throws IOException {
    assertOutputs(name, Keras.loadModel(MODELS.resolve(name + ".h5")));
  }

  @ParameterizedTest
  @MethodSource("models")
  void weights_of_every_format_fit_a_model_made_from_json(String name) throws IOException {
    String json = jsonOf(name);
    for (String extension : List.of(".weights.h5", ".keras", ".h5")) {
      Model model = Keras.modelFromJson(json);

      Keras.loadWeights(model, MODELS.resolve(name + extension));

      assertOutputs(name, model);
    }
  }

  private static String jsonOf(String name) throws IOException {
    String text = Files.readString(MODELS.resolve(name + ".json"));
    // The text itself, not what a writer makes of it: balanced braces after the key.
    int start = text.indexOf('{', text.indexOf("\"to_json\""));
    int depth = 0;
    for (int i = start; ; i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return text.substring(start, i + 1);
      }
    }
  }

  @Test
  void weights_of_another_model_are_refused_and_change_nothing() throws IOException {
    Model model = Keras.loadModel(MODELS.resolve("channels_first.keras"));
    List<Tensor> before = model.weights().stream().map(Weight::value).toList();

    for (String extension : List.of(".weights.h5", ".keras", ".h5")) {
      Path other = MODELS.resolve("seq_basic" + extension);
      assertThatThrownBy(() -> Keras.loadWeights(model, other))
          .isInstanceOf(InvalidArgument.class)
          .hasMessageContaining("seq_basic" + extension)
          .hasMessageContaining("wrong ");
    }

    List<Tensor> after = model.weights().stream().map(Weight::value).toList();
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isSameAs(before.get(i));
    }
  }

  @Test
  void an_archive_that_was_unpacked_to_a_directory_is_read(@TempDir Path directory)
      throws IOException {
    try (java.util.zip.ZipFile zip =
        new java.util.zip.ZipFile(MODELS.resolve("seq_basic.keras").toFile())) {
      for (var entry : java.util.Collections.list(zip.entries())) {
        Files.copy(zip.getInputStream(entry), directory.resolve(entry.getName()));
      }
    }

    assertOutputs("seq_basic", Keras.loadModel(directory));
  }
}
