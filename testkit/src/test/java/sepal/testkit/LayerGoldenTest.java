package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.keras.Json;
import sepal.layers.Layer;
import sepal.layers.Layers;

class LayerGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @CsvSource({
    "AveragePooling2D, 13",
    "BatchNormalization, 15",
    "Conv2D, 10",
    "Dense, 6",
    "DepthwiseConv2D, 9",
    "GlobalAveragePooling2D, 4",
    "GlobalMaxPooling2D, 4",
    "MaxPooling2D, 13"
  })
  void outputs_and_moved_weights_match_keras(String className, int count) throws IOException {
    List<GoldenResult> results = new GoldenRunner(true).run(GOLDEN.resolve("layers/" + className));

    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
    assertThat(results).hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "layers/AveragePooling2D, 13",
    "layers/BatchNormalization, 15",
    "layers/Conv2D, 10",
    "layers/Dense, 6",
    "layers/DepthwiseConv2D, 9",
    "layers/GlobalAveragePooling2D, 4",
    "layers/GlobalMaxPooling2D, 4",
    "layers/MaxPooling2D, 13",
    "sepconv2d_forward, 161",
    "sepconv2d_gradient, 46"
  })
  void a_layer_read_from_a_configuration_of_keras_writes_it_again(String folder, int count)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(GOLDEN.resolve(folder))) {
      all.filter(file -> !file.endsWith("index.json")).forEach(files::add);
    }
    for (Path file : files) {
      Map<?, ?> layer =
          (Map<?, ?>) Json.parseObject(file.toString(), Files.readAllBytes(file)).get("layer");
      @SuppressWarnings("unchecked")
      Map<String, Object> config = (Map<String, Object>) layer.get("config");
      String className = (String) layer.get("class_name");

      Layer made = Layers.fromConfig(file.toString(), className, config);

      assertThat(made.className()).as(file.toString()).isEqualTo(className);
      assertThat(made.module()).as(file.toString()).isEqualTo(layer.get("module"));
      assertThat(made.getConfig().toString()).as(file.toString()).isEqualTo(config.toString());
    }
    assertThat(files).hasSize(count);
  }
}
