package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.keras.Keras;
import sepal.layers.KerasTensor;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Models are saved in every format, loaded again, and predict the same bits. */
class SavingTest {
  private static final Path MODELS = Path.of("src/test/resources/golden/models");

  /** Where real models lie on some machines. */
  private static final Path SHARED =
      Path.of(System.getProperty("sepal.root", "..")).resolve("../shared/models");

  @TempDir private Path directory;

  static List<Path> recorded() throws IOException {
    return SavedModelTest.models().stream().map(name -> MODELS.resolve(name + ".keras")).toList();
  }

  static List<Path> real() throws IOException {
    if (!Files.isDirectory(SHARED)) {
      System.err.println("SKIPPED: no published models are here to save: " + SHARED);
      return List.of(MODELS.resolve("seq_basic.keras"));
    }
    try (Stream<Path> files = Files.list(SHARED)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(keras|hdf5|h5)"))
          .sorted()
          .toList();
    }
  }

  @Test
  void there_are_seven_or_more_published_models_where_there_are_any() throws IOException {
    assertThat(real().size()).matches(count -> count == 1 || count >= 7);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void a_recorded_model_predicts_the_same_bits_after_saving(Path file) throws IOException {
    assertSavesEverywhere(Keras.loadModel(file));
  }

  @ParameterizedTest
  @MethodSource("real")
  void a_published_model_predicts_the_same_bits_after_saving(Path file) throws IOException {
    assertSavesEverywhere(Keras.loadModel(file));
  }

  @Test
  void a_layer_of_every_class_predicts_the_same_bits_after_saving() throws IOException {
    assertSavesEverywhere(ConcurrentPredictionTest.everyLayer());
  }

  private void assertSavesEverywhere(Model model) throws IOException {
    List<Tensor> inputs = inputs(model);
    List<int[]> expected = bits(model, inputs);
    for (String extension : List.of(".keras", ".h5", ".hdf5")) {
      Path saved = directory.resolve("model" + extension);
      Keras.saveModel(model, saved);
      Model loaded = Keras.loadModel(saved);
      assertThat(bits(loaded, inputs)).as(extension).usingRecursiveComparison().isEqualTo(expected);
      assertThat(Keras.toJson(loaded)).isEqualTo(Keras.toJson(model));
    }
    for (String extension : List.of(".weights.h5", ".h5")) {
      Path saved = directory.resolve("weights" + extension);
      Keras.saveWeights(model, saved);
      Model fresh = Keras.modelFromJson(Keras.toJson(model));
      Keras.loadWeights(fresh, saved);
      assertThat(bits(fresh, inputs)).as(extension).usingRecursiveComparison().isEqualTo(expected);
    }
  }

  private static List<Tensor> inputs(Model model) {
    Random random = new Random(11);
    List<Tensor> inputs = new ArrayList<>();
    for (KerasTensor input : model.inputs()) {
      int[] sizes = input.shape().toArray();
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] = axis == 0 ? 2 : sizes[axis] < 0 ? 12 : sizes[axis];
      }
      Shape shape = Shape.of(sizes);
      double[] values = random.doubles(shape.size(), -1, 1).toArray();
      inputs.add(Tensor.wrap(values, shape).cast(DType.FLOAT32));
    }
    return inputs;
  }

  private static List<int[]> bits(Model model, List<Tensor> inputs) {
    List<int[]> bits = new ArrayList<>();
    for (Tensor output : model.predict(inputs)) {
      float[] values = output.toFloatArray();
      int[] raw = new int[values.length];
      for (int i = 0; i < values.length; i++) {
        raw[i] = Float.floatToRawIntBits(values[i]);
      }
      bits.add(raw);
    }
    return bits;
  }
}
