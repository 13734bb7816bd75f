package sepal.keras;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.layers.Dense;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class ArchiveTest {
  private static final String METADATA = "{\"keras_version\": \"3.16.0\"}";
  private static final String CONFIG =
      """
      {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [
        {"module": "keras.layers", "class_name": "InputLayer",
         "config": {"name": "x", "batch_shape": [null, 4]}},
        {"module": "keras.layers", "class_name": "Dense",
         "config": {"name": "d", "units": %s}}]}}
      """;

  @TempDir Path folder;

  /** An archive with these files, compressed. */
  private Path zip(Map<String, byte[]> files) throws IOException {
    Path path = folder.resolve("model.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return path;
  }

  private static Map<String, byte[]> files(String units) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("metadata.json", METADATA.getBytes(UTF_8));
    files.put("config.json", CONFIG.formatted(units).getBytes(UTF_8));
    files.put("model.weights.h5", Files.readAllBytes(Path.of("src/test/resources/hdf5/dense.h5")));
    return files;
  }

  private void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> Keras.loadModel(path))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(message.replace("$", path.toString()));
  }

  @Test
  void a_compressed_archive_is_read() throws IOException {
    Model model = Keras.loadModel(zip(files("3")));

    assertThat(model.predict(Tensor.of(new float[] {1, 0, 0, 1}, 1, 4)).toFloatArray())
        .containsExactly(10, 13, 16); // rows 0 and 3 of 0..11, and the bias 1, 2, 3
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "a/../../evil", "/etc/evil", "..\\evil", "C:/evil", "assets/.."})
  void a_name_that_climbs_out_is_refused(String name) throws IOException {
    Map<String, byte[]> files = files("3");
    files.put(name, new byte[1]);

    assertRefused(
        zip(files),
        "$: a name that leads out of the archive is refused\n  got:      \"" + name + "\"");
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void a_zip_bomb_is_refused_before_it_is_unpacked() throws IOException {
    Map<String, byte[]> files = files("3");
    files.put("config.json", new byte[50 << 20]);
    Path path = zip(files);
    assertThat(Files.size(path)).isLessThan(100_000);

    assertThatThrownBy(() -> Keras.loadModel(path))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(
            path + ": the archive would unpack to more than 200 times its size, and is refused");
  }

  @Test
  void a_bomb_that_lies_about_its_size_is_refused() throws IOException {
    byte[] bomb = new byte[50 << 20];
    Map<String, byte[]> files = files("3");
    files.put("config.json", bomb);
    Path path = zip(files);
    byte[] bytes = Files.readAllBytes(path);
    int lies = 0;
    for (int i = 0; i + 4 <= bytes.length; i++) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 0x20 && bytes[i + 3] == 3) {
        bytes[i + 2] = 0; // 50 MiB become 3 in the high byte only
        bytes[i + 3] = 0;
        bytes[i] = 100;
        lies++;
      }
    }
    assertThat(lies).isPositive();
    Files.write(path, bytes);

    assertThatThrownBy(() -> Keras.loadModel(path)).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void a_file_that_does_not_fit_its_checksum_is_refused() throws IOException {
    Path path = folder.resolve("model.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> file : files("3").entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setMethod(ZipEntry.STORED); // as Keras does
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    assertThat(Keras.loadModel(path).countParams()).isEqualTo(15);
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, ISO_8859_1);
    bytes[text.indexOf("\"units\": 3") + 9] = '2';
    Files.write(path, bytes);

    assertRefused(
        path,
        "$: config.json in the archive is damaged\n"
            + "  got:      a content that does not fit its checksum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OHDR", "SNOD", "HEAP"})
  void one_wrong_bit_in_stored_weights_is_found(String near) throws IOException {
    Path path = folder.resolve("model.keras");
    Model model = new Sequential(new Dense(300, o -> o.inputShape(300)));
    model.setWeights(
        List.of(Tensor.full(DType.FLOAT32, Shape.of(300, 300), 1.5), Tensor.zeros(300)));
    Keras.saveModel(model, path);
    byte[] bytes = Files.readAllBytes(path);
    int at = new String(bytes, ISO_8859_1).indexOf(near.isEmpty() ? "\0\0\u00c0?" : near);
    bytes[Math.max(at, bytes.length / 4)] ^= 1; // among the values where there is no such text
    Files.write(path, bytes);
    String damaged =
        "$: model.weights.h5 in the archive is damaged\n"
            + "  got:      a content that does not fit its checksum";

    assertRefused(path, damaged);
    List<Tensor> before = model.getWeights();
    assertThatThrownBy(() -> Keras.loadWeights(model, path))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(damaged.replace("$", path.toString()));
    assertThat(model.getWeights()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void an_entry_without_a_beginning_is_refused(int number) throws IOException {
    Path path = folder.resolve("model.keras");
    Keras.saveModel(new Sequential(new Dense(3, o -> o.inputShape(3))), path);
    byte[] bytes = Files.readAllBytes(path);
    int at = -1;
    for (int i = 0; i < number; i++) {
      at = new String(bytes, ISO_8859_1).indexOf("PK\3\4", at + 1);
    }
    bytes[at + 2] = 7;
    Files.write(path, bytes);

    assertThatThrownBy(() -> Keras.loadModel(path))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(path.toString());
  }

  @Test
  void two_files_of_one_name_are_refused() throws IOException {
    Map<String, byte[]> files = files("3");
    files.put("config.jsoN", "{}".getBytes(UTF_8));
    Path path = zip(files);
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, ISO_8859_1);
    for (int i = text.indexOf("config.jsoN"); i >= 0; i = text.indexOf("config.jsoN", i + 1)) {
      bytes[i + 10] = 'n';
    }
    Files.write(path, bytes);

    assertRefused(
        path, "$: two files of one name in the archive\n  got:      \"config.json\" twice");
  }

  @Test
  void too_many_files_are_refused() throws IOException {
    Path path = zip(files("3"));

    assertThatThrownBy(() -> Keras.loadModel(path, o -> o.maxEntries(2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(path + ": too many files in the archive\n  got:      3");
  }

  @Test
  void a_file_over_its_limit_is_refused() throws IOException {
    Path path = zip(files("3"));

    assertThatThrownBy(() -> Keras.loadModel(path, o -> o.maxConfigBytes(100)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("config.json is too large")
        .hasMessageContaining("at most 100 bytes");
  }

  @Test
  void a_missing_file_is_named() throws IOException {
    Map<String, byte[]> files = files("3");
    files.remove("model.weights.h5");

    assertRefused(
        zip(files),
        "$: not a whole .keras archive\n"
            + "  got:      no model.weights.h5 in it\n"
            + "  expected: metadata.json, config.json and model.weights.h5");

    files.put("model.weights.npz", new byte[1]);
    assertRefused(
        zip(files),
        "$: not a whole .keras archive\n"
            + "  got:      no model.weights.h5 in it\n"
            + "  fix:      save the model with Keras' defaults: one file of HDF5 weights");
  }

  @Test
  void a_symbolic_link_in_an_unpacked_archive_is_refused() throws IOException {
    Path target = Files.writeString(folder.resolve("elsewhere.json"), "{}");
    Files.createSymbolicLink(folder.resolve("config.json"), target);

    assertRefused(folder, "$: a symbolic link is refused\n  got:      config.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483647", "100000000", "1000000", "4"})
  void a_model_with_more_weights_than_the_file_is_refused_before_memory_is_asked_for(String units)
      throws IOException {
    Path path = zip(files(units));

    assertThatThrownBy(() -> Keras.loadModel(path)).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void a_config_that_does_not_fit_the_weights_says_which() throws IOException {
    Path path = zip(files("2"));

    assertRefused(
        path,
        "$: wrong shape for kernel of Dense \"d\"\n"
            + "  got:      (4, 3)   (/layers/dense/vars/0)\n"
            + "  expected: (4, 2)\n"
            + "  fix:      load the file into the model that it was saved from");
  }

  @Test
  void a_file_of_another_kind_is_refused() throws IOException {
    Path path = Files.writeString(folder.resolve("m.keras"), "{}");

    assertRefused(
        path,
        "$: not a file that Keras saved\n"
            + "  got:      neither a zip archive nor an HDF5 file\n"
            + "  expected: a .keras archive, a .weights.h5 file, or a legacy .h5 file");
    assertThatThrownBy(() -> Keras.loadModel(folder.resolve("no.keras")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void the_weights_of_tf_keras_2_12_lie_under_another_name() throws IOException {
    Map<String, byte[]> files = files("3");
    byte[] weights = Files.readAllBytes(Path.of("src/test/resources/hdf5/dense_2_12.h5"));
    files.put("metadata.json", "{\"keras_version\": \"2.12.0\"}".getBytes(UTF_8));
    files.put("model.weights.h5", weights);

    Model model = Keras.loadModel(zip(files));

    assertThat(model.countParams()).isEqualTo(15);
    assertThat(model.getWeights().get(0).toFloatArray()[11]).isEqualTo(11);
  }

  @Test
  void a_weight_that_is_missing_among_its_neighbours_is_named() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] weights = Files.readAllBytes(Path.of("src/test/resources/hdf5/dense.h5"));
    out.write(weights);
    String text = out.toString(ISO_8859_1);
    Map<String, byte[]> files = files("3");
    int at = text.indexOf("0\0\0\0\0\0\0\0" + "1\0\0\0\0\0\0\0");
    assertThat(at).isPositive();
    weights[at + 8] = '7';
    files.put("model.weights.h5", weights);
    Path path = zip(files);

    assertThatThrownBy(() -> Keras.loadModel(path))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("a weight is missing")
        .hasMessageContaining("no array 1 in /layers/dense/vars");
  }
}
