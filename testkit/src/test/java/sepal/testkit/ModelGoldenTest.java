package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.keras.Json;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Models;
import sepal.tensor.Tensor;

/** Models recorded from Keras: their configurations, summaries, weights and output shapes. */
class ModelGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/models");

  private record Recorded(String file, Map<String, Object> values, Model model) {
    Map<?, ?> serialized() {
      return (Map<?, ?>) values.get("to_json");
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> list(String key) {
      return (List<Map<String, Object>>) values.get(key);
    }
  }

  @SuppressWarnings("unchecked")
  private static Recorded read(String name) throws IOException {
    Path file = GOLDEN.resolve(name + ".json");
    Map<String, Object> values =
        (Map<String, Object>) (Map<?, ?>) Json.parseObject(name, Files.readAllBytes(file));
    return new Recorded(
        name, values, Models.fromConfig(name, (Map<String, Object>) values.get("to_json")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "channels_first",
        "fitted_adam",
        "fitted_rmsprop",
        "fitted_sgd_momentum",
        "functional_dynamic_spatial",
        "functional_shared_layer",
        "functional_two_branch",
        "nested_model",
        "relatives_1d",
        "relatives_3d",
        "relatives_mix",
        "sep_all_args",
        "sep_dilated_layer_activation",
        "seq_basic"
      })
  void a_model_reads_writes_and_describes_itself_as_in_keras(String name) throws IOException {
    Recorded recorded = read(name);
    Model model = recorded.model();

    assertThat(model.summary()).isEqualTo(summary(recorded));
    assertThat(model.serialize().toString()).isEqualTo(config(recorded));
    assertThat(model.countParams())
        .isEqualTo(((Number) recorded.values().get("count_params")).longValue());
    assertThat(model.layers())
        .extracting(Layer::name)
        .isEqualTo(recorded.values().get("layer_names"));
    assertThat(model.weights().stream().map(Weight::name).toList())
        .isEqualTo(recorded.list("weights").stream().map(w -> w.get("name")).toList());
    assertThat(model.weights().stream().map(w -> w.shape().toList()).toList())
        .hasToString(
            recorded.list("weights").stream().map(w -> w.get("shape")).toList().toString());
    assertThat(model.trainableWeights().stream().mapToLong(w -> w.shape().size()).sum())
        .isEqualTo(((Number) recorded.values().get("trainable_params")).longValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "functional_dynamic_spatial",
        "functional_shared_layer",
        "functional_two_branch",
        "nested_model",
        "relatives_1d",
        "seq_basic"
      })
  void a_model_predicts_the_same_after_writing_and_reading(String name) throws IOException {
    Recorded recorded = read(name);
    GoldenCase golden = new GoldenCase(name, new LinkedHashMap<>(recorded.values()));
    List<Tensor> inputs = golden.tensors("inputs");
    Model copy = Models.fromConfig("copy", recorded.model().serialize());
    copy.setWeights(recorded.model().getWeights());

    List<Tensor> outputs = recorded.model().predict(inputs);
    List<Tensor> copied = copy.predict(inputs, 1);

    assertThat(outputs.stream().map(Tensor::shape).toList())
        .isEqualTo(golden.tensors("outputs").stream().map(Tensor::shape).toList());
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(copied.get(i).floats()).containsExactly(outputs.get(i).floats());
    }
  }

  /**
   * The recorded summary, which ends in the line break of the printing function too.
   *
   * <p>Keras counts the optimizer's variables in the total of a fitted model and gives them a line
   * of their own. A configuration holds none, so that line is left out and the total is computed
   * again.
   */
  private static String summary(Recorded recorded) {
    List<String> lines = new ArrayList<>();
    ((String) recorded.values().get("summary")).stripTrailing().lines().forEach(lines::add);
    if (lines.get(lines.size() - 1).startsWith(" Optimizer params:")) {
      lines.remove(lines.size() - 1);
      long count = ((Number) recorded.values().get("count_params")).longValue();
      lines.set(lines.size() - 3, " Total params: %d (%d.00 B)".formatted(count, 4 * count));
    }
    return String.join("\n", lines) + "\n";
  }

  /**
   * The recorded configuration, without how the model was compiled, and without what a layer has
   * and a function has not where the layer serves as an activation.
   */
  private static String config(Recorded recorded) {
    Map<String, Object> config = new LinkedHashMap<>();
    recorded.serialized().forEach((key, value) -> config.put(String.valueOf(key), value));
    config.put("compile_config", Map.of());
    return config
        .toString()
        .replace(
            "config={name=leaky_re_lu, trainable=true, dtype={module=keras,"
                + " class_name=DTypePolicy, config={name=float32}, registered_name=null},"
                + " negative_slope=",
            "config={negative_slope=");
  }
}
