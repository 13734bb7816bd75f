package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.keras.Npy;
import sepal.kernels.Parallel;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class PredictCommandTest {
  private static final Path SEQUENTIAL = Recorded.MODELS.resolve("seq_basic.keras"); // 9 x 8 x 3
  private static final Path FIRST = Recorded.MODELS.resolve("channels_first.keras"); // 3 x 8 x 7
  private static final Path TWO = Recorded.MODELS.resolve("functional_shared_layer.keras");
  private static final Path ANY_SIZE = Recorded.MODELS.resolve("functional_dynamic_spatial.keras");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"seq_basic", "channels_first", "functional_dynamic_spatial"})
  void an_array_gives_what_keras_gave(String name) throws IOException {
    Map<String, Object> recorded = Recorded.file(Recorded.MODELS.resolve(name + ".json"));
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Npy.write(x, Recorded.tensor(recorded, "inputs", 0));

    Run run = Run.sepal("predict", Recorded.MODELS.resolve(name + ".keras"), x, "--output", y);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertClose(Npy.read(y), Recorded.tensor(recorded, "outputs", 0), 1e-5f);
    assertThat(run.outLines().get(run.outLines().size() - 1))
        .isEqualTo("wrote " + y + " " + Npy.read(y).shape());
  }

  @Test
  void several_inputs_and_outputs_go_by_their_names() throws IOException {
    Map<String, Object> recorded =
        Recorded.file(Recorded.MODELS.resolve("functional_shared_layer.json"));
    Path left = folder.resolve("l.npy");
    Path right = folder.resolve("r.npy");
    Npy.write(left, Recorded.tensor(recorded, "inputs", 0));
    Npy.write(right, Recorded.tensor(recorded, "inputs", 1));

    Run run =
        Run.sepal(
            "predict", TWO, "right=" + right, "left=" + left, "--output", folder.resolve("y.npy"));

    assertThat(run.status()).as(run.err()).isZero();
    List<String> written =
        run.outLines().stream().filter(line -> line.startsWith("wrote ")).toList();
    assertThat(written).hasSize(2);
    for (int i = 0; i < 2; i++) {
      Path file = Path.of(written.get(i).substring("wrote ".length()).replaceAll(" \\(.*", ""));
      assertThat(file.getFileName().toString()).matches("y_\\w+\\.npy");
      assertClose(Npy.read(file), Recorded.tensor(recorded, "outputs", i), 1e-5f);
    }
  }

  @Test
  void wrong_names_of_inputs_are_wrong_usage() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.zeros(2, 6, 5, 2));

    assertFails(
        Run.sepal("predict", TWO, x),
        2,
        "sepal: give NAME=FILE, not " + x + ": the model has inputs left, right");
    assertFails(
        Run.sepal("predict", TWO, "lefd=" + x, "right=" + x),
        2,
        "sepal: give NAME=FILE, not lefd="
            + x
            + " (did you mean \"left\"?): the model has inputs left, right");
    assertFails(
        Run.sepal("predict", TWO, "left=" + x),
        2,
        "sepal: no file for input right; give right=FILE");
  }

  @Test
  void several_pictures_are_a_batch_and_other_sizes_are_resized() throws IOException {
    Path a = picture("a.png", 8, 9, 0x204060);
    Path b = picture("b.png", 30, 20, 0x204060);

    Run both = Run.sepal("predict", SEQUENTIAL, a, b, "--preprocess", "unit", "--top", 2);

    assertThat(both.status()).as(both.err()).isZero();
    assertThat(both.outLines()).hasSize(7);
    assertThat(both.outLines().get(0)).contains("float32(2, 4)");
    assertThat(both.outLines().get(1)).isEqualTo("  a.png");
    assertThat(both.outLines().get(2)).matches(" {7}\\d  \\d\\.\\d{6}");
    assertThat(both.outLines().get(4)).isEqualTo("  b.png");
    assertThat(both.outLines().get(5)).isEqualTo(both.outLines().get(2));
  }

  @Test
  void pictures_go_channels_first_where_the_model_wants_them_so() throws IOException {
    Path a = picture("a.png", 7, 8, 0x204060);
    Tensor planes = Tensor.zeros(1, 3, 8, 7);
    for (int i = 0; i < planes.size(); i++) {
      planes.floats()[i] = new float[] {0x20, 0x40, 0x60}[i / 56];
    }
    Path x = folder.resolve("x.npy");
    Npy.write(x, planes);

    String[] options = {"--preprocess", "torch", "--output"};
    Path fromPicture = folder.resolve("p.npy");
    Path fromArray = folder.resolve("n.npy");
    Run.sepal("predict", FIRST, a, options[0], options[1], options[2], fromPicture);
    Run.sepal("predict", FIRST, x, options[0], options[1], options[2], fromArray);

    assertThat(Npy.read(fromPicture).floats()).isEqualTo(Npy.read(fromArray).floats());
  }

  @Test
  void a_model_without_a_size_takes_pictures_as_they_are_but_all_of_one_size() throws IOException {
    Path a = picture("a.png", 12, 14, 0x204060);
    Path b = picture("b.png", 12, 15, 0x204060);

    assertThat(Run.sepal("predict", ANY_SIZE, a, a).status()).isZero();
    Run run = Run.sepal("predict", ANY_SIZE, a, b);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.errLines().get(0)).endsWith("the files differ in size");
  }

  @Test
  void one_sample_needs_no_batch_axis() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.zeros(9, 8, 3));
    assertThat(Run.sepal("predict", SEQUENTIAL, x).out()).contains("float32(1, 4)");
  }

  @Test
  void batches_and_threads_change_nothing() throws IOException {
    Path x = folder.resolve("x.npy");
    Tensor tensor = Tensor.zeros(7, 9, 8, 3);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats()[i] = i % 17 / 17f;
    }
    Npy.write(x, tensor);
    int threads = Parallel.threads();
    try {
      Path whole = folder.resolve("whole.npy");
      Path parts = folder.resolve("parts.npy");
      Run.sepal("predict", SEQUENTIAL, x, "--output", whole);
      Run run =
          Run.sepal("predict", SEQUENTIAL, x, "--batch-size", 2, "--threads", 3, "--output", parts);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(Parallel.threads()).isEqualTo(3);
      assertClose(Npy.read(parts), Npy.read(whole), 1e-6f);
    } finally {
      Parallel.setThreads(threads);
    }
  }

  @Test
  void a_terminal_gets_the_same_numbers_with_a_progress_bar() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.zeros(20, 9, 8, 3));
    Run piped = Run.sepal("predict", SEQUENTIAL, x, "--batch-size", 1);
    assertThat(piped.err()).isEmpty();
    System.setProperty("sepal.terminal", "true");
    try {
      Run watched = Run.sepal("predict", SEQUENTIAL, x, "--batch-size", 1);
      assertThat(watched.out()).isEqualTo(piped.out());
      assertThat(watched.err()).contains("predict").contains("20/20");
      assertThat(Run.sepal("predict", SEQUENTIAL, x).err()).isEmpty();
    } finally {
      System.clearProperty("sepal.terminal");
    }
  }

  @Test
  void labels_name_the_classes() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.zeros(1, 9, 8, 3));
    Path labels = folder.resolve("labels.txt");
    Files.writeString(labels, "rose\ntulip \r\ndaisy\nlily\n\n");
    Run run = Run.sepal("predict", SEQUENTIAL, x, "--labels", labels);
    assertThat(run.outLines().subList(2, 6))
        .allMatch(line -> line.matches(" {7}\\d  (rose |tulip|daisy|lily )  0\\.\\d{6}"));

    Files.writeString(labels, "rose\n");
    assertFails(
        Run.sepal("predict", SEQUENTIAL, x, "--labels", labels),
        1,
        "sepal: --labels: wrong number of labels",
        "       got: 1; expected: 4, a line for each class");
    Path any = folder.resolve("any.npy");
    Npy.write(any, Tensor.zeros(1, 7, 10, 3));
    assertThat(Run.sepal("predict", ANY_SIZE, any, "--top", 1).errLines().get(0))
        .isEqualTo("sepal: --top and --labels: the model gives no classes");
  }

  @Test
  void bad_inputs_are_told_in_two_lines_at_most() throws IOException {
    Path text = folder.resolve("a.png");
    Files.writeString(text, "not a picture");
    Path cut = picture("cut.png", 40, 40, 0x123456);
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 60));
    Path wrong = folder.resolve("wrong.npy");
    Npy.write(wrong, Tensor.zeros(1, 5, 5, 5));

    for (Object input : List.of(text, cut, wrong, folder, folder.resolve("none.png"))) {
      Run run = Run.sepal("predict", SEQUENTIAL, input);
      assertThat(run.status()).as("%s", input).isEqualTo(1);
      assertThat(run.errLines()).as("%s", input).hasSizeBetween(1, 2);
      assertThat(run.err()).startsWith("sepal: ").doesNotContain("unexpected", "\tat ");
      assertThat(run.out()).isEmpty();
    }
    assertFails(
        Run.sepal("predict", SEQUENTIAL, folder.resolve("none.png")),
        1,
        "sepal: no such file: " + folder.resolve("none.png"));
  }

  @Test
  void bad_models_are_told_in_two_lines_at_most() throws IOException {
    Path model = folder.resolve("m.keras");
    Files.writeString(model, "not a model");
    byte[] good = Files.readAllBytes(SEQUENTIAL);
    Path half = folder.resolve("half.keras");
    Files.write(half, java.util.Arrays.copyOf(good, good.length / 2));

    for (Path file : List.of(model, half, folder, folder.resolve("none.keras"))) {
      for (String command : List.of("predict", "summary")) {
        Run run =
            command.equals("predict")
                ? Run.sepal(command, file, "x.npy")
                : Run.sepal(command, file);
        assertThat(run.status()).as("%s", file).isEqualTo(1);
        assertThat(run.errLines()).as("%s", file).hasSizeBetween(1, 2);
        assertThat(run.err()).startsWith("sepal: ").doesNotContain("unexpected", "\tat ");
      }
    }
    assertThat(Run.sepal("summary", model, "--debug").err()).contains("\tat sepal.");
  }

  @Test
  void an_output_that_cannot_be_written_fails_and_leaves_nothing_behind() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, Tensor.zeros(1, 9, 8, 3));
    Run missing = Run.sepal("predict", SEQUENTIAL, x, "--output", folder.resolve("no/y.npy"));
    assertFails(missing, 1, "sepal: no such file: " + folder.resolve("no").toAbsolutePath());
    Path taken = Files.createDirectories(folder.resolve("taken/inside")).getParent();
    assertThat(Run.sepal("predict", SEQUENTIAL, x, "--output", taken).status()).isEqualTo(1);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("x.npy", "taken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--top=0",
        "--top=x",
        "--batch-size=0",
        "--threads=-1",
        "--preprocess=half",
        "--colour"
      })
  void options_out_of_range_are_wrong_usage(String option) {
    Run run = Run.sepal("predict", SEQUENTIAL, "x.npy", option);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(2);
    assertThat(run.errLines().get(0)).startsWith("sepal: ").contains(option.split("=")[0]);
    assertThat(run.errLines().get(1)).isEqualTo("       'sepal predict --help' tells more");
  }

  @Test
  void names_that_are_not_fit_for_files_are_mended() {
    Path y = Path.of("out/y.npy");
    assertThat(PredictCommand.named(y, "age", 0)).isEqualTo(Path.of("out/y_age.npy"));
    assertThat(PredictCommand.named(y, "../a b", 1)).isEqualTo(Path.of("out/y_1_.._a_b.npy"));
    assertThat(PredictCommand.named(Path.of("y"), "age", 0)).isEqualTo(Path.of("y_age"));
  }

  private Path picture(String name, int width, int height, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    Path file = folder.resolve(name);
    ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile());
    return file;
  }

  private static void assertFails(Run run, int status, String... lines) {
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).startsWith(lines).hasSizeLessThanOrEqualTo(2);
  }

  private static void assertClose(Tensor actual, Tensor expected, float tolerance) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.floats()[i]).isCloseTo(expected.floats()[i], within(tolerance));
    }
    assertThat(expected.shape()).isNotEqualTo(Shape.of());
  }
}
