package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.tensor.Tensor;

/**
 * Models that others trained and published, with what Keras 3.16 computes with them. The files are
 * not ours to hand on, so they lie beside the project, in {@code ../shared}.
 */
class RealModelTest {
  private static final Path SHARED =
      Path.of(System.getProperty("sepal.root", "..")).resolve("../shared").normalize();

  private static final Path MODELS = SHARED.resolve("models");
  private static final Path RECORDED = SHARED.resolve("golden/real");

  @BeforeEach
  void the_files_must_be_there() {
    boolean present = Files.isDirectory(MODELS) && Files.isDirectory(RECORDED);
    if (!present) {
      System.err.println("SKIPPED: real models, because there is no folder " + SHARED);
    }
    Assumptions.assumeTrue(present, "real models: no folder " + SHARED);
  }

  private static GoldenCase recorded(Path file) throws IOException {
    return new GoldenCase(
        file.toString(), Json.parseObject(file.toString(), Files.readAllBytes(file)));
  }

  private static void assertClose(String what, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    assertThat(actual.toFloatArray())
        .as(what)
        .containsExactly(expected.toFloatArray(), within(1e-4f));
  }

  /** Compares every layer's output by its sums, in order, so that the first wrong one is named. */
  private static void assertLayers(Model model, Tensor input, List<?> stats) {
    List<KerasTensor> outputs = new ArrayList<>();
    for (Layer layer : model.layers()) {
      outputs.add(layer.inboundNodes().get(0).outputs().get(0));
    }
    Map<String, Tensor> byLayer = new java.util.HashMap<>();
    List<Tensor> values = new Functional(model.inputs(), outputs).predict(List.of(input));
    for (int i = 0; i < values.size(); i++) {
      byLayer.put(model.layers().get(i).name(), values.get(i));
    }
    assertThat(stats).hasSize(model.layers().size());
    for (Object entry : stats) {
      Map<?, ?> stat = (Map<?, ?>) entry;
      Tensor value = byLayer.get((String) stat.get("layer"));
      assertThat(value).as(stat.toString()).isNotNull();
      double sum = 0;
      double sumOfAbsolutes = 0;
      for (int i = 0; i < value.size(); i++) {
        sum += value.get(i);
        sumOfAbsolutes += Math.abs(value.get(i));
      }
      double allowed = 1e-5 * Math.max(1, sumOfAbsolutes);
      assertThat(sum)
          .as("sum of " + stat)
          .isCloseTo(((Number) stat.get("sum")).doubleValue(), offset(allowed));
      assertThat(sumOfAbsolutes)
          .as("sum of absolutes of " + stat)
          .isCloseTo(((Number) stat.get("sum_abs")).doubleValue(), offset(allowed));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fer2013_big_XCEPTION.54-0.66.hdf5",
        "fer2013_mini_XCEPTION.102-0.66.hdf5",
        "fer2013_mini_XCEPTION.119-0.65.hdf5",
        "gender_mini_XCEPTION.21-0.95.hdf5",
        "mini_XCEPTION_KDEF.hdf5",
        "tiny_XCEPTION_KDEF.hdf5"
      })
  void a_published_model_of_keras_2_predicts_as_in_keras_3(String file) throws IOException {
    GoldenCase recorded = recorded(RECORDED.resolve(file + ".json"));

    Model model = Keras.loadModel(MODELS.resolve(file));

    assertThat(model.countParams()).isEqualTo(recorded.integer("count_params"));
    Tensor inputs = recorded.tensor("random_inputs");
    assertLayers(model, inputs.rows(0, 1), recorded.list("layer_stats_for_random_input_0"));
    assertClose(file, model.predict(inputs), recorded.tensor("random_outputs"));
    List<?> crops = recorded.list("crops");
    assertThat(crops).isNotEmpty();
    for (Object entry : crops) {
      GoldenCase crop = recorded.objectOf(entry);
      Tensor face = face(RECORDED.resolve(crop.text("png")));
      assertClose(crop.text("png"), model.predict(face), crop.tensor("output"));
    }
  }

  /** The gray values of a picture, from -1 to 1. */
  private static Tensor face(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    Raster raster = image.getRaster();
    assertThat(raster.getNumBands()).isEqualTo(1);
    float[] pixels = new float[image.getHeight() * image.getWidth()];
    for (int i = 0; i < pixels.length; i++) {
      int value = raster.getSample(i % image.getWidth(), i / image.getWidth(), 0);
      pixels[i] = (value / 255f - 0.5f) * 2;
    }
    return Tensor.of(pixels, 1, image.getHeight(), image.getWidth(), 1);
  }

  @Test
  void a_channels_first_model_of_tf_keras_predicts_as_in_keras_3() throws IOException {
    GoldenCase recorded = recorded(RECORDED.resolve("EEGNet-8-2-weights.h5.json"));

    Model model = Keras.loadModel(MODELS.resolve("EEGNet-8-2-weights.h5"));

    Tensor inputs = recorded.tensor("input_channels_first");
    assertThat(model.countParams()).isEqualTo(2148);
    assertLayers(model, inputs.rows(0, 1), recorded.list("layer_stats_channels_first_input_0"));
    assertClose("EEGNet", model.predict(inputs), recorded.tensor("output"));
  }

  @Test
  void its_weights_fit_the_same_model_made_channels_last() throws IOException {
    GoldenCase recorded = recorded(RECORDED.resolve("EEGNet-8-2-weights.h5.json"));
    Model model = Keras.loadModel(RECORDED.resolve("EEGNet_channels_last_from_keras3.keras"));
    Tensor inputs = recorded.tensor("input_channels_last");
    Tensor expected = recorded.tensor("output_channels_last_model");
    assertClose("archive", model.predict(inputs), expected);
    model.weights().forEach(weight -> weight.assign(Tensor.zeros(weight.shape().toArray())));

    Keras.loadWeights(model, MODELS.resolve("EEGNet-8-2-weights.h5"));

    assertLayers(model, inputs.rows(0, 1), recorded.list("layer_stats_channels_last_input_0"));
    assertClose("weights", model.predict(inputs), expected);
  }

  @Test
  void a_large_archive_of_keras_3_predicts_as_in_keras_3() throws IOException {
    GoldenCase recorded = recorded(MODELS.resolve("mobilenet_025_96.json"));

    Model model = Keras.loadModel(MODELS.resolve("mobilenet_025_96.keras"));

    Tensor inputs = recorded.tensor("input");
    assertThat(model.countParams()).isEqualTo(recorded.integer("count_params"));
    assertLayers(model, inputs.rows(0, 1), recorded.list("layer_stats_input_0"));
    assertClose("MobileNet", model.predict(inputs), recorded.tensor("output"));
  }
}
