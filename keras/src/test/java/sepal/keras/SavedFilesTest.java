package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.models.Model;

/** What is saved here beside what Keras 3.16 saved of the same models. */
class SavedFilesTest {
  private static final Path MODELS = Path.of("../testkit/src/test/resources/golden/models");

  @TempDir private Path directory;

  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(MODELS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".keras"))
          .map(name -> name.replace(".keras", ""))
          .sorted()
          .toList();
    }
  }

  private static Model load(String name) throws IOException {
    return Keras.loadModel(MODELS.resolve(name + ".keras"));
  }

  @Test
  void there_are_models_to_compare() throws IOException {
    assertThat(models()).hasSizeGreaterThanOrEqualTo(14);
  }

  @ParameterizedTest
  @MethodSource("models")
  void an_archive_holds_what_keras_puts_into_it(String name) throws Exception {
    Path keras = MODELS.resolve(name + ".keras");
    Path saved = directory.resolve("saved.keras");

    Keras.saveModel(load(name), saved);

    assertThat(entry(saved, Archive.CONFIG)).isEqualTo(comparable(entry(keras, Archive.CONFIG)));
    assertThat(entry(saved, Archive.METADATA).replaceAll("\\d", "0"))
        .isEqualTo(entry(keras, Archive.METADATA).replaceAll("\\d", "0"));
    assertSameHdf5(unpacked(saved), unpacked(keras));
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_weights_file_holds_what_keras_puts_into_it(String name) throws Exception {
    Path saved = directory.resolve("saved.weights.h5");

    Keras.saveWeights(load(name), saved);

    assertSameHdf5(saved, MODELS.resolve(name + ".weights.h5"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_legacy_file_holds_what_keras_puts_into_it(String name) throws Exception {
    Path saved = directory.resolve("saved.h5");

    Keras.saveModel(load(name), saved);

    assertSameHdf5(saved, MODELS.resolve(name + ".h5"));
  }

  private static void assertSameHdf5(Path saved, Path keras) throws Exception {
    Map<String, String> expected = Hdf5Text.of(Hdf5Text.open(keras));
    expected.replaceAll((path, text) -> comparable(text));
    assertThat(Hdf5Text.of(Hdf5Text.open(saved))).isEqualTo(expected);
    if (Hdf5Text.hasDump()) {
      List<String> dumped = Hdf5Text.dump(keras).stream().map(SavedFilesTest::comparable).toList();
      assertThat(Hdf5Text.dump(saved)).isEqualTo(dumped);
    }
  }

  /** Without what Keras writes and nobody needs. */
  private static String comparable(String json) {
    return json
        // the number of a Python object that occurs twice
        .replaceAll(", \\\\?\"shared_object_id\\\\?\": \\d+", "")
        // arguments of an activation that is a layer: only those of the activation matter
        .replaceAll(
            "\\\\?\"name\\\\?\": \\\\?\"leaky_re_lu\\\\?\", .*?\"registered_name\\\\?\": null}, ",
            "")
        // the class that does the work with Torch; by this name no other backend would know it
        .replaceAll("keras\\.src\\.backend\\.torch\\.optimizers\\.torch_\\w+", "keras.optimizers")
        .replaceAll("\"registered_name\": \"(Adam|SGD|RMSprop)\"", "\"registered_name\": null");
  }

  private Path unpacked(Path archive) throws IOException {
    Path file = directory.resolve(archive.getFileName() + "." + Archive.WEIGHTS);
    try (Archive open = Archive.open(archive, new LoadOptions())) {
      Files.write(file, open.get(Archive.WEIGHTS, 1 << 30));
    }
    return file;
  }

  private static String entry(Path file, String name) throws IOException {
    try (Archive archive = Archive.open(file, new LoadOptions())) {
      return new String(archive.get(name, 1 << 30), StandardCharsets.UTF_8);
    }
  }
}
