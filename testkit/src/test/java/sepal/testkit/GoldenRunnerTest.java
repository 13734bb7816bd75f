package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenRunnerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path CASE =
      GOLDEN.resolve("sepconv2d_forward/fwd_000_k1x1_s1x1_d1x1_valid_m1_cl.json");

  @TempDir Path folder;

  @Test
  void separable_convolutions_match_keras() throws IOException {
    assertAllPass(new GoldenRunner(false).run(GOLDEN.resolve("sepconv2d_forward")), 161);
  }

  @Test
  void gradients_of_separable_convolutions_match_keras() throws IOException {
    assertAllPass(new GoldenRunner(false).run(GOLDEN.resolve("sepconv2d_gradient")), 46);
  }

  @Test
  void every_recorded_layer_matches_keras() throws IOException {
    List<GoldenResult> results = new GoldenRunner(true).run(GOLDEN.resolve("layers"));
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
    assertThat(results).hasSizeGreaterThanOrEqualTo(155);
  }

  @Test
  void the_bundled_cases_pass_with_their_gradients() throws IOException {
    assertAllPass(new GoldenRunner(false).runBundled(), 65);
  }

  @Test
  void trainings_step_by_step_arrive_at_keras_weights() throws IOException {
    assertAllPass(new GoldenRunner(false).run(GOLDEN.resolve("training")), 18);
  }

  @Test
  void fit_keeps_keras_history() throws IOException {
    assertAllPass(new GoldenRunner(false).run(GOLDEN.resolve("fit")), 9);
  }

  private static void assertAllPass(List<GoldenResult> results, int count) {
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
    assertThat(results).hasSize(count);
  }

  @Test
  void an_unchanged_case_passes() throws IOException {
    GoldenResult result = run(text());
    assertThat(result.passed()).isTrue();
    assertThat(result.difference()).isZero();
    assertThat(result).hasToString("passed  " + folder.resolve("case.json"));
  }

  @Test
  void one_changed_bit_of_an_exact_output_fails_and_is_located() throws IOException {
    GoldenResult result = run(withOutput(text(), 1, Float.MIN_VALUE));

    assertThat(result.passed()).isFalse();
    assertThat(result.where()).isEqualTo("output 0 at (0, 0, 0, 1)");
    assertThat(result.message())
        .startsWith("1 of 120 numbers differ (every bit must match), most by ")
        .contains("output 0 at (0, 0, 0, 1): got ");
  }

  @ParameterizedTest
  @CsvSource({"1e-6, true", "1e-3, false", "NaN, false", "Infinity, false"})
  void a_case_that_is_not_exact_may_differ_by_a_little(float change, boolean passes)
      throws IOException {
    String inexact = text().replace("\"exact\":true", "\"exact\":false");
    GoldenResult result = run(withOutput(inexact, 5, change));

    assertThat(result.passed()).isEqualTo(passes);
    assertThat(result.difference()).isPositive();
    assertThat(result.where()).isEqualTo("output 0 at (0, 0, 2, 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"class_name\":\"SeparableConv2D\" | \"class_name\":\"SeparableKonv2D\""
            + " | unknown layer class; got: \"SeparableKonv2D\" (did you mean",
        "\"filters\":2 | \"filters\":3 | wrong shape of weight pointwise_kernel",
        "\"name\":\"depthwise_kernel\" | \"name\":\"kernel\" | the weights are [depthwise_kernel",
        "\"compute_output_shape\":[2, | \"compute_output_shape\":[3, | the predicted shape is",
        "\"call_kwargs\":{ | \"call_kwargs\":{\"mask\":1 | unknown argument; got: mask",
        "\"kind\":\"layer_forward\" | \"kind\":\"layer_gradient\" | \"upstream\" is wrong",
        "\"kind\":\"layer_forward\" | \"kind\":\"song\" | kind song not supported yet",
        "\"kind\":\"layer_forward\" | \"kind\":null | it names no kind of case",
        "\"inputs\":[{\"dtype\":\"float32\" | \"inputs\":[{\"dtype\":\"float16\" | \"inputs\" is wr",
        "\"inputs\": | \"input\": | \"inputs\" is wrong; got: nothing; expected: a List",
        "{\"case\" | [{\"case\" | not valid JSON"
      })
  void an_altered_case_fails_and_says_why(String from, String to, String message)
      throws IOException {
    assertThat(text()).contains(from);
    GoldenResult result = run(text().replace(from, to));
    assertThat(result.passed()).isFalse();
    assertThat(result.message()).contains(message).doesNotContain("\n");
  }

  @Test
  void a_gradient_case_passes_forward_only() throws IOException {
    Files.writeString(
        folder.resolve("case.json"), text().replace("layer_forward", "layer_gradient"));
    assertThat(new GoldenRunner(true).run(folder).get(0).passed()).isTrue();
    assertThat(new GoldenRunner(false).run(folder).get(0).passed()).isFalse();
  }

  @Test
  void folders_are_walked_in_the_order_of_names_and_nothing_is_skipped() throws IOException {
    Files.createDirectories(folder.resolve("b/c"));
    Files.writeString(folder.resolve("b/c/2.json"), text());
    Files.writeString(folder.resolve("b/1.json"), "[]");
    Files.writeString(folder.resolve("b/index.json"), "[]");
    Files.writeString(folder.resolve("b/notes.txt"), "");
    Files.writeString(folder.resolve("a.json"), "{\"kind\": \"fit_history\"}");

    assertThat(new GoldenRunner(true).run(folder))
        .extracting(result -> folder.relativize(Path.of(result.file())) + " " + result.passed())
        .containsExactly("a.json false", "b/1.json false", "b/c/2.json true");
  }

  @Test
  void a_folder_without_cases_and_a_missing_one_are_errors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoldenRunner(true).run(folder))
        .withMessageContaining("it holds no golden case");
    assertThatThrownBy(() -> new GoldenRunner(true).run(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private GoldenResult run(String json) throws IOException {
    Path file = folder.resolve("case.json");
    Files.writeString(file, json);
    return new GoldenRunner(false).run(file).get(0);
  }

  private static String text() throws IOException {
    return Files.readString(CASE);
  }

  /** The case with the recorded output at {@code index} changed by at least one bit. */
  private static String withOutput(String json, int index, float change) {
    int start = json.indexOf("\"data\":\"", json.indexOf("\"outputs\":")) + "\"data\":\"".length();
    int end = json.indexOf('"', start);
    byte[] bytes = Base64.getDecoder().decode(json.substring(start, end));
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float old = floats.getFloat(4 * index);
    float changed = old + change;
    floats.putFloat(4 * index, changed == old ? Math.nextUp(old) : changed);
    String data = new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
    return json.substring(0, start) + data + json.substring(end);
  }

  @Test
  void saved_models_predict_and_go_on_training_as_in_keras(@TempDir Path other) throws IOException {
    Path models = Path.of("src/test/resources/golden/models");
    for (String name : List.of("fitted_adam", "fitted_rmsprop", "fitted_sgd_momentum")) {
      assertThat(new GoldenRunner(false).run(models.resolve(name + ".json")))
          .hasSize(3)
          .allSatisfy(result -> assertThat(result.passed()).as(result.message()).isTrue());
    }
    // The same numbers are not those of another optimizer.
    String json = Files.readString(models.resolve("fitted_adam.json"));
    Path wrong = Files.writeString(other.resolve("wrong.json"), json);
    Files.copy(models.resolve("fitted_rmsprop.keras"), other.resolve("fitted_adam.keras"));
    assertThat(new GoldenRunner(false).run(wrong))
        .hasSize(3)
        .noneMatch(GoldenResult::passed)
        .anyMatch(result -> result.message().contains("numbers differ"))
        .anyMatch(result -> result.message().contains("no such file"));
  }
}
