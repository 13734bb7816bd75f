package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionCasesTest {
  private static final Path FUNCTIONS = Path.of("../core/src/test/resources/golden/functions");

  @ParameterizedTest
  @CsvSource({
    "activations, activation, 43",
    "constraints, constraint, 11",
    "losses, loss, 48",
    "regularizers, regularizer, 11",
    "schedules, schedule, 9"
  })
  void functions_match_keras_case_by_case(String file, String kind, int count) throws IOException {
    List<GoldenResult> results = new GoldenRunner(false).run(FUNCTIONS.resolve(file + ".json"));
    assertThat(results).filteredOn(result -> !result.passed()).isEmpty();
    assertThat(results).hasSize(count).allMatch(result -> result.kind().equals(kind));
  }

  /**
   * These numbers are not from Keras itself, but from what it computes with JAX. For bicubic
   * interpolation Sepal follows Keras with PyTorch, of which there are recorded cases.
   */
  @Test
  void resized_images_match_the_reference_but_for_bicubic_interpolation() throws IOException {
    List<GoldenResult> results =
        new GoldenRunner(false).run(FUNCTIONS.resolve("image_resize_reference.json"));
    assertThat(results).hasSize(12).allMatch(result -> result.kind().equals("image_resize"));
    assertThat(results)
        .filteredOn(result -> !result.file().endsWith("bicubic"))
        .hasSize(9)
        .allMatch(GoldenResult::passed);
  }

  /**
   * In two cases the backend that was recorded called the least of three probabilities one of the
   * top two. Keras' documentation does not, nor do its other backends.
   */
  @Test
  void metrics_match_keras_but_for_what_the_recorded_backend_got_wrong() throws IOException {
    List<GoldenResult> results = new GoldenRunner(false).run(FUNCTIONS.resolve("metrics.json"));
    assertThat(results).hasSize(20).allMatch(result -> result.kind().equals("metric"));
    assertThat(results)
        .filteredOn(result -> !result.passed())
        .satisfiesExactly(
            dense ->
                assertThat(dense.toString())
                    .contains("case 6 TopKCategoricalAccuracy", "got 0.8, Keras 1.0"),
            sparse ->
                assertThat(sparse.toString())
                    .contains("case 7 SparseTopKCategoricalAccuracy", "got 0.8, Keras 1.0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "losses | \"delta\":1.0 | \"delta\":1.1 | numbers differ",
        "losses | \"from_logits\":true | \"from_logits\":3 | wrong value of from_logits",
        "losses | \"class_name\":\"Hinge\" | \"class_name\":\"Hings\" | unknown loss",
        "losses | \"module\":\"keras.losses\" | \"module\":\"keras.lasses\" | not supported yet",
        "losses | \"grad_y_pred\" | \"grad\" | \"grad_y_pred\" is wrong",
        "schedules | \"decay_rate\":0.9 | \"decay_rate\":0.8 | numbers differ",
        "regularizers | \"l2\":0.05 | \"l2\":0.06 | numbers differ",
        "constraints | \"max_value\":2 | \"max_value\":3 | numbers differ",
        "activations | \"softplus\":{ | \"softpluz\":{ | unknown activation"
      })
  void one_changed_case_fails_alone(String file, String from, String to, String message)
      throws IOException {
    String text = Files.readString(FUNCTIONS.resolve(file + ".json")).replace("\": ", "\":");
    int at = text.indexOf(from);
    assertThat(at).as("place of %s", from).isPositive();
    String changed = text.substring(0, at) + to + text.substring(at + from.length());
    List<GoldenResult> results =
        new GoldenRunner(false).runAll("changed", changed.getBytes(StandardCharsets.UTF_8));
    assertThat(results)
        .filteredOn(result -> !result.passed())
        .singleElement()
        .extracting(GoldenResult::message)
        .asString()
        .contains(message)
        .doesNotContain("changed");
  }

  @Test
  void an_entry_that_is_no_case_fails() {
    byte[] json = "[3, {\"updates\": []}]".getBytes(StandardCharsets.UTF_8);
    assertThat(new GoldenRunner(false).runAll("list", json))
        .hasSize(2)
        .noneMatch(GoldenResult::passed)
        .extracting(GoldenResult::message)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("it is not an object"),
            second -> assertThat(second).contains("\"serialized\" is wrong"));
  }
}
