package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.keras.Npy;
import sepal.tensor.Tensor;

/** Faces go through published models from the command line, as Keras saw them. */
class RealModelsTest {
  @TempDir Path folder;

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
  void faces_give_what_keras_gave(String name) throws IOException {
    Path model = model(name);
    Path real = Recorded.SHARED.resolve("golden/real");
    List<?> crops = (List<?>) Recorded.file(real.resolve(name + ".json")).get("crops");
    assertThat(crops).hasSize(3);
    for (Object crop : crops) {
      Map<?, ?> recorded = (Map<?, ?>) crop;
      Path face = real.resolve((String) recorded.get("png"));
      Path y = folder.resolve("y.npy");

      Run run = Run.sepal("predict", model, face, "--preprocess", "tf", "--output", y);

      assertThat(run.status()).as(run.err()).isZero();
      assertClose(Npy.read(y), Recorded.tensor(recorded.get("output")));
      assertThat(run.outLines().get(2).strip()).startsWith(recorded.get("argmax") + "  ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fer2013_big_XCEPTION.54-0.66.hdf5, golden/real, random_inputs, random_outputs",
    "EEGNet-8-2-weights.h5, golden/real, input_channels_first, output",
    "mobilenet_025_96.keras, models, input, output"
  })
  void arrays_give_what_keras_gave(String name, String recordings, String input, String output)
      throws IOException {
    Path model = model(name);
    String json = name.replace(".keras", "") + ".json";
    Map<String, Object> recorded = Recorded.file(Recorded.SHARED.resolve(recordings).resolve(json));
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Npy.write(x, Recorded.tensor(recorded.get(input)));

    Run run = Run.sepal("predict", model, x, "--output", y);

    assertThat(run.status()).as(run.err()).isZero();
    assertClose(Npy.read(y), Recorded.tensor(recorded.get(output)));
  }

  private static Path model(String name) {
    Path model = Recorded.SHARED.resolve("models").resolve(name);
    if (!Files.exists(model)) {
      String skipped = "SKIPPED: " + name + ", since " + Recorded.SHARED + " is not there";
      System.err.println(skipped);
      Assumptions.abort(skipped);
    }
    return model;
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.floats()).containsExactly(expected.floats(), offset(1e-4f));
  }
}
