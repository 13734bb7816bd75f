package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void values_become_plain_java_in_the_order_of_the_text() {
    Map<String, Object> map =
        Json.parseObject("a.json", "{\"b\": [1, 2.5, true, null], \"a\": {\"c\": \"d\"}}");

    assertThat(map.keySet()).containsExactly("b", "a");
    assertThat((List<?>) map.get("b")).isEqualTo(java.util.Arrays.asList(1, 2.5, true, null));
    assertThat(map.get("a")).isEqualTo(Map.of("c", "d"));
  }

  @Test
  void the_non_numbers_of_python_are_read() {
    assertThat(Json.parse("a.json", "[NaN, Infinity, -Infinity]"))
        .isEqualTo(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1, 2", "{\"a\" 1}", "nul", "[1] [2]", "{\"a\": \"\\ud8\"}"})
  void what_is_not_json_is_refused_with_its_place(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parse("a.json", text.getBytes(StandardCharsets.UTF_8)))
        .withMessageStartingWith("a.json: not valid JSON\n  got:      ")
        .withMessageContaining("(line 1, column ");
  }

  @Test
  void very_deep_nesting_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parse("a.json", "[".repeat(1_000_000)))
        .withMessageStartingWith("a.json: not valid JSON");
  }

  @Test
  void a_list_is_not_an_object() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parseObject("a.json", "[1]"))
        .withMessage("a.json: not a JSON object\n  got:      ArrayList\n  expected: {...}");
  }

  @Test
  void more_values_than_any_model_has_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.parse("a.json", "[" + "1,".repeat(3_000_000) + "1]"))
        .withMessageStartingWith("a.json: not valid JSON");
  }
}
