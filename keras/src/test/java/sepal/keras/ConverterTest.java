package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.check.InvalidArgument;
import sepal.models.Model;

class ConverterTest {
  private static final Path MODELS = Path.of("../testkit/src/test/resources/golden/models");
  private static final Path OLD = Path.of("src/test/resources/hdf5/keras1_th.h5");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({".keras, .h5", ".keras, .hdf5", ".h5, .keras", ".h5, .h5", ".keras, .keras"})
  void a_model_of_keras_3_keeps_everything_in_every_format(String from, String to)
      throws IOException {
    for (String name : List.of("fitted_adam", "nested_model", "functional_shared_layer")) {
      Path file = directory.resolve(name + to);

      assertThat(Keras.convert(MODELS.resolve(name + from), file)).isEmpty();

      Model before = Keras.loadModel(MODELS.resolve(name + from));
      Model after = Keras.loadModel(file);
      assertThat(Keras.toJson(after)).isEqualTo(Keras.toJson(before));
    }
  }

  @Test
  void parts_of_a_model_say_what_is_missing() throws IOException {
    Path keras = MODELS.resolve("fitted_adam.keras");
    Path weights = directory.resolve("a.weights.h5");
    Path json = directory.resolve("a.json");

    assertThat(Keras.convert(keras, weights))
        .containsExactly(
            "left out: how the model was compiled", "left out: the configuration of the model");
    assertThat(Keras.convert(keras, json))
        .containsExactly("left out: the optimizer's 16 variables", "left out: all weights");

    Model model = Keras.modelFromJson(Files.readString(json));
    Keras.loadWeights(model, weights);
    assertThat(Keras.toJson(model)).isEqualTo(Keras.toJson(Keras.loadModel(keras)));
    assertThat(Keras.convert(json, directory.resolve("b.json"))).isEmpty();
  }

  @Test
  void a_model_of_keras_1_says_what_it_became() throws IOException {
    assertThat(Keras.convert(OLD, directory.resolve("new.keras")))
        .containsExactly(
            "Convolution2D is Conv2D (convolution2d_1)",
            "SeparableConvolution2D is SeparableConv2D (separableconvolution2d_1)",
            "Dense: activation=\"hard_sigmoid\" is {\"class_name\": \"HardSigmoid\","
                + " \"config\": {\"slope\": 0.2}} (dense_1)",
            "Keras cannot open this file: it has no HardSigmoid");
  }

  @Test
  void an_unknown_loss_and_assets_are_left_out() throws IOException {
    Path changed = directory.resolve("changed.keras");
    try (ZipFile zip = new ZipFile(MODELS.resolve("fitted_adam.keras").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(
            entry.getName().equals(Archive.CONFIG)
                ? new String(bytes, "UTF-8")
                    .replace("sparse_categorical_crossentropy", "my_loss")
                    .getBytes("UTF-8")
                : bytes);
      }
      out.putNextEntry(new ZipEntry("assets/words.txt"));
    }

    assertThat(Keras.convert(changed, directory.resolve("new.keras")))
        .containsExactly(
            "left out: how the model was compiled: "
                + changed
                + ", Sequential \"sequential\", compile: unknown loss",
            "left out: assets/words.txt",
            "left out: the optimizer's 16 variables");
  }

  @Test
  void what_cannot_be_converted_is_refused_before_anything_is_written() throws IOException {
    Path keras = MODELS.resolve("seq_basic.keras");
    Path weights = MODELS.resolve("seq_basic.weights.h5");
    Path json = directory.resolve("model.json");
    Keras.convert(keras, json);

    assertThatThrownBy(() -> Keras.convert(keras, directory.resolve("model.onnx")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("no format has this name");
    assertThatThrownBy(() -> Keras.convert(weights, directory.resolve("model.keras")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("the file holds weights, no model");
    assertThatThrownBy(() -> Keras.convert(json, directory.resolve("model.keras")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("a configuration has no weights");
    assertThat(directory.toFile().list()).containsExactly("model.json");
  }
}
