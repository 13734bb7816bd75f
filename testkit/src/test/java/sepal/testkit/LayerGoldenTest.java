package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.keras.Json;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class LayerGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @CsvSource({
    "Activation, 5",
    "ActivityRegularization, 1",
    "Add, 3",
    "AlphaDropout, 1",
    "Average, 2",
    "AveragePooling1D, 3",
    "AveragePooling2D, 13",
    "BatchNormalization, 15",
    "Concatenate, 3",
    "Conv1D, 8",
    "Conv1DTranspose, 11",
    "Conv2D, 10",
    "Conv2DTranspose, 14",
    "Conv3D, 6",
    "Cropping3D, 6",
    "UpSampling3D, 6",
    "ZeroPadding3D, 6",
    "AveragePooling3D, 3",
    "MaxPooling3D, 3",
    "GlobalAveragePooling3D, 1",
    "GlobalMaxPooling3D, 1",
    "ConvLSTM1D, 1",
    "ConvLSTM2D, 6",
    "ConvLSTM3D, 1",
    "Conv3DTranspose, 6",
    "Cropping1D, 6",
    "Cropping2D, 6",
    "Dense, 6",
    "DepthwiseConv1D, 6",
    "DepthwiseConv2D, 9",
    "Dot, 2",
    "Dropout, 2",
    "ELU, 2",
    "Flatten, 3",
    "GaussianDropout, 1",
    "GaussianNoise, 1",
    "GlobalAveragePooling1D, 1",
    "GlobalAveragePooling2D, 4",
    "GlobalMaxPooling1D, 1",
    "GlobalMaxPooling2D, 4",
    "GroupNormalization, 1",
    "LayerNormalization, 3",
    "LeakyReLU, 2",
    "MaxPooling1D, 3",
    "MaxPooling2D, 13",
    "Maximum, 1",
    "Minimum, 1",
    "Multiply, 2",
    "Normalization, 3",
    "PReLU, 3",
    "Permute, 2",
    "ReLU, 5",
    "RepeatVector, 1",
    "Rescaling, 3",
    "Reshape, 3",
    "SeparableConv1D, 7",
    "Softmax, 3",
    "SpatialDropout1D, 1",
    "SpatialDropout2D, 1",
    "Subtract, 1",
    "UnitNormalization, 1",
    "UpSampling1D, 6",
    "UpSampling2D, 18",
    "ZeroPadding1D, 6",
    "ZeroPadding2D, 6"
  })
  void outputs_gradients_and_moved_weights_match_keras(String className, int count)
      throws IOException {
    List<GoldenResult> results = new GoldenRunner(false).run(GOLDEN.resolve("layers/" + className));

    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
    assertThat(results).hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "layers/Activation, 5",
    "layers/ActivityRegularization, 1",
    "layers/Add, 3",
    "layers/AlphaDropout, 1",
    "layers/Average, 2",
    "layers/AveragePooling1D, 3",
    "layers/AveragePooling2D, 13",
    "layers/BatchNormalization, 15",
    "layers/Concatenate, 3",
    "layers/Conv1D, 8",
    "layers/Conv1DTranspose, 11",
    "layers/Conv2D, 10",
    "layers/Conv2DTranspose, 14",
    "layers/Conv3D, 6",
    "layers/Cropping3D, 6",
    "layers/UpSampling3D, 6",
    "layers/ZeroPadding3D, 6",
    "layers/AveragePooling3D, 3",
    "layers/MaxPooling3D, 3",
    "layers/GlobalAveragePooling3D, 1",
    "layers/GlobalMaxPooling3D, 1",
    "layers/ConvLSTM1D, 1",
    "layers/ConvLSTM2D, 6",
    "layers/ConvLSTM3D, 1",
    "layers/Conv3DTranspose, 6",
    "layers/Cropping1D, 6",
    "layers/Cropping2D, 6",
    "layers/Dense, 6",
    "layers/DepthwiseConv1D, 6",
    "layers/DepthwiseConv2D, 9",
    "layers/Dot, 2",
    "layers/Dropout, 2",
    "layers/ELU, 2",
    "layers/Flatten, 3",
    "layers/GaussianDropout, 1",
    "layers/GaussianNoise, 1",
    "layers/GlobalAveragePooling1D, 1",
    "layers/GlobalAveragePooling2D, 4",
    "layers/GlobalMaxPooling1D, 1",
    "layers/GlobalMaxPooling2D, 4",
    "layers/GroupNormalization, 1",
    "layers/LayerNormalization, 3",
    "layers/LeakyReLU, 2",
    "layers/MaxPooling1D, 3",
    "layers/MaxPooling2D, 13",
    "layers/Maximum, 1",
    "layers/Minimum, 1",
    "layers/Multiply, 2",
    "layers/Normalization, 3",
    "layers/PReLU, 3",
    "layers/Permute, 2",
    "layers/ReLU, 5",
    "layers/RepeatVector, 1",
    "layers/Rescaling, 3",
    "layers/Reshape, 3",
    "layers/SeparableConv1D, 7",
    "layers/Softmax, 3",
    "layers/SpatialDropout1D, 1",
    "layers/SpatialDropout2D, 1",
    "layers/Subtract, 1",
    "layers/UnitNormalization, 1",
    "layers/UpSampling1D, 6",
    "layers/UpSampling2D, 18",
    "layers/ZeroPadding1D, 6",
    "layers/ZeroPadding2D, 6",
    "sepconv2d_forward, 161",
    "sepconv2d_gradient, 46"
  })
  void a_layer_read_from_a_configuration_of_keras_writes_it_again(String folder, int count)
      throws IOException {
    List<Path> files = cases(folder);
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

  @ParameterizedTest
  @CsvSource({
    "layers/AveragePooling1D, 3",
    "layers/AveragePooling2D, 13",
    "layers/BatchNormalization, 15",
    "layers/Conv1D, 8",
    "layers/Conv1DTranspose, 11",
    "layers/Conv2D, 10",
    "layers/Conv2DTranspose, 14",
    "layers/Conv2DTranspose, 14",
    "layers/Conv3D, 6",
    "layers/Cropping3D, 6",
    "layers/UpSampling3D, 6",
    "layers/ZeroPadding3D, 6",
    "layers/AveragePooling3D, 3",
    "layers/MaxPooling3D, 3",
    "layers/GlobalAveragePooling3D, 1",
    "layers/GlobalMaxPooling3D, 1",
    "layers/ConvLSTM1D, 1",
    "layers/ConvLSTM2D, 6",
    "layers/ConvLSTM3D, 1",
    "layers/Conv3DTranspose, 6",
    "layers/Dense, 6",
    "layers/DepthwiseConv1D, 6",
    "layers/DepthwiseConv2D, 9",
    "layers/Dot, 2",
    "layers/GlobalAveragePooling1D, 1",
    "layers/GlobalAveragePooling2D, 4",
    "layers/GlobalMaxPooling1D, 1",
    "layers/GlobalMaxPooling2D, 4",
    "layers/GroupNormalization, 1",
    "layers/LayerNormalization, 3",
    "layers/MaxPooling1D, 3",
    "layers/MaxPooling2D, 13",
    "layers/RepeatVector, 1",
    "layers/SeparableConv1D, 7",
    "layers/UnitNormalization, 1",
    "sepconv2d_forward, 161"
  })
  void float64_gives_what_float32_gave_in_keras(String folder, int count) throws IOException {
    List<Path> files = cases(folder);
    for (Path file : files) {
      GoldenCase golden =
          new GoldenCase(
              file.toString(), Json.parseObject(file.toString(), Files.readAllBytes(file)));
      GoldenCase serialized = golden.object("layer");
      Map<String, Object> config = new HashMap<>(serialized.map("config"));
      config.put("dtype", "float64");
      Layer layer = Layers.fromConfig(file.toString(), serialized.text("class_name"), config);
      List<Tensor> inputs = golden.tensors("inputs");
      layer.build(inputs.stream().map(Tensor::shape).toArray(Shape[]::new));
      layer.setWeights(golden.tensors("weights"));

      List<Tensor> outputs = layer.applyAll(inputs, golden.object("call_kwargs").flag("training"));

      List<Tensor> recorded = golden.tensors("outputs");
      assertThat(outputs).hasSameSizeAs(recorded);
      Difference difference = new Difference(false);
      for (int i = 0; i < outputs.size(); i++) {
        assertThat(outputs.get(i).dtype()).isEqualTo(DType.FLOAT64);
        Tensor expected = recorded.get(i).cast(DType.FLOAT64);
        assertThat(difference.add("output " + i, outputs.get(i), expected)).isNull();
      }
      assertThat(difference.result(file.toString(), "float64").message()).isEmpty();
    }
    assertThat(files).hasSize(count);
  }

  private static List<Path> cases(String folder) throws IOException {
    try (Stream<Path> all = Files.list(GOLDEN.resolve(folder))) {
      return all.filter(file -> !file.endsWith("index.json")).sorted().toList();
    }
  }
}
