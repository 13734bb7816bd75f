package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.Problem;
import sepal.keras.Npy;
import sepal.shape.Shape;

class MainTest {
  private static final Path GOLDEN = Path.of("../testkit/src/test/resources/golden");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"", "summary", "predict", "convert", "selftest", "demo", "learn", "bench"})
  void every_command_has_help_and_version(String command) {
    for (String option : new String[] {"--help", "--version"}) {
      Run run = command.isEmpty() ? Run.sepal(option) : Run.sepal(command, option);
      assertThat(run.status()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .startsWith(
              option.equals("--version") ? "sepal " : ("Usage: sepal " + command).stripTrailing());
    }
  }

  @Test
  void without_a_command_help_is_printed() {
    assertThat(Run.sepal().out())
        .contains("summary", "predict", "convert", "selftest", "demo", "learn", "bench");
  }

  @Test
  void an_unknown_command_is_wrong_usage() {
    Run run = Run.sepal("predikt");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(2);
    assertThat(run.errLines().get(0)).startsWith("sepal: Unmatched argument").contains("predikt");
  }

  @Test
  void summary_prints_the_table_of_keras() {
    Run run = Run.sepal("summary", Recorded.MODELS.resolve("seq_basic.keras"));
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Model: \"").contains("SeparableConv2D", "Total params:");
  }

  @Test
  void selftest_passes_the_cases_that_come_along() {
    Run run = Run.sepal("selftest");
    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.outLines()).hasSize(2);
    assertThat(run.outLines().get(0)).startsWith("kernels: ");
    assertThat(run.outLines().get(1)).isEqualTo("65 passed, 0 failed");
  }

  @Test
  void selftest_adds_up_folders() {
    Run run =
        Run.sepal(
            "selftest",
            GOLDEN.resolve("sepconv2d_forward"),
            GOLDEN.resolve("sepconv2d_gradient"),
            "--forward-only");
    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.outLines()).endsWith("207 passed, 0 failed");
  }

  @Test
  void selftest_tells_each_failing_case_and_how_far_off_it_is() throws IOException {
    Path good = GOLDEN.resolve("sepconv2d_forward/fwd_000_k1x1_s1x1_d1x1_valid_m1_cl.json");
    String json = Files.readString(good);
    Files.copy(good, folder.resolve("good.json"));
    String outputs = "\"outputs\":[{\"dtype\":\"float32\",\"shape\":[2,6,5,2],\"data\":\"";
    assertThat(json).contains(outputs);
    int first = json.indexOf(outputs) + outputs.length();
    Files.writeString(
        folder.resolve("bad.json"), json.substring(0, first) + "AAAAQ" + json.substring(first + 5));
    Files.writeString(folder.resolve("later.json"), "{\"kind\":\"song\"}");

    Run run = Run.sepal("selftest", folder);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.outLines()).hasSize(4);
    assertThat(run.outLines().get(1))
        .matches(
            "FAILED \\S+bad\\.json: \\S+, output 0 at \\(0, 0, 0, 0\\): 1 of 120 numbers differ.*");
    assertThat(run.outLines().get(2))
        .isEqualTo("FAILED " + folder.resolve("later.json") + ": kind song not supported yet");
    assertThat(run.outLines().get(3)).isEqualTo("1 passed, 2 failed");
  }

  @Test
  void selftest_of_nothing_is_wrong_usage() {
    Run missing = Run.sepal("selftest", folder.resolve("none"));
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.errLines().get(0))
        .isEqualTo("sepal: no such folder: " + folder.resolve("none"));
    Run empty = Run.sepal("selftest", folder);
    assertThat(empty.status()).isEqualTo(2);
    assertThat(empty.errLines().get(0))
        .isEqualTo("sepal: folder " + folder + ": it holds no golden case");
    assertThat(empty.out()).doesNotContain("passed");
  }

  @Test
  void demo_writes_the_picture_every_map_and_the_numbers() throws IOException {
    Path out = folder.resolve("a/demo");
    Run run = Run.sepal("demo", "--output", out);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            "picture.png",
            "numbers.txt",
            "1-blur.npy",
            "1-blur-brightness.png",
            "1-blur-red-blue.png",
            "1-blur-green-magenta.png",
            "2-sobel.npy",
            "2-sobel-right.png",
            "2-sobel-left.png",
            "2-sobel-down.png",
            "2-sobel-up.png",
            "2-sobel-red-blue.png",
            "2-sobel-green-magenta.png",
            "3-sharpen.npy",
            "3-sharpen-outline.png");
    assertThat(Npy.read(out.resolve("2-sobel.npy")).shape()).isEqualTo(Shape.of(1, 192, 256, 6));
    Picture picture = Picture.read(out.resolve("picture.png"), 3);
    float[] generated = DemoModel.picture().floats();
    for (int i = 0; i < generated.length; i += 97) {
      assertThat(picture.values()[i] / 255f).isEqualTo(generated[i]);
    }
    assertThat(run.out()).startsWith(Files.readString(out.resolve("numbers.txt")));
  }

  @Test
  void demo_computes_what_the_kernels_say() throws IOException {
    Run.sepal("demo", "--output", folder);
    float[] picture = DemoModel.picture().floats();
    float[] blurred = Npy.read(folder.resolve("1-blur.npy")).floats();
    int width = DemoModel.WIDTH;
    int[] binomial = {1, 4, 6, 4, 1};
    double brightness = 0;
    for (int dy = 0; dy < 5; dy++) {
      for (int dx = 0; dx < 5; dx++) {
        int at = ((88 + dy) * width + 120 + dx) * 3;
        double gray = 0.299 * picture[at] + 0.587 * picture[at + 1] + 0.114 * picture[at + 2];
        brightness += binomial[dy] * binomial[dx] / 256.0 * gray;
      }
    }
    assertThat(blurred[(90 * width + 122) * 3])
        .isCloseTo((float) brightness, org.assertj.core.api.Assertions.within(1e-5f));
  }

  @Test
  void demo_into_a_file_fails() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Run run = Run.sepal("demo", "--output", file);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.errLines()).containsExactly("sepal: not a folder: " + file);
  }

  @Test
  void problems_are_folded_into_two_lines() {
    Problem problem =
        Problem.in("Dense \"d\"", "too big").got("9   (of 3)").expected("3").fix("cut");
    assertThat(Failure.lines(problem.asInvalidArgument()))
        .containsExactly(
            "sepal: Dense \"d\": too big", "       got: 9 (of 3); expected: 3; fix: cut");
    assertThat(Failure.lines(problem.asUnsupported()))
        .isEqualTo(Failure.lines(problem.asInvalidArgument()));
  }

  @Test
  void what_nobody_expected_is_told_in_two_lines_too() {
    assertThat(Failure.lines(new ArrayIndexOutOfBoundsException("3\nfoo")))
        .containsExactly(
            "sepal: unexpected ArrayIndexOutOfBoundsException: 3",
            "       this is a defect of sepal; the same command with --debug shows where");
    assertThat(Failure.lines(new StackOverflowError())).hasSize(2);
    assertThat(Failure.lines(new OutOfMemoryError("Java heap space")).get(0))
        .startsWith("sepal: out of memory at ");
    assertThat(Failure.lines(new IllegalStateException("x".repeat(5000))).get(0)).hasSize(400);
  }
}
