package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class PlainJsonTest {
  @Test
  void what_keras_writes_is_read() {
    String text =
        """
        {"name": "sep", "rank": 2, "alpha": -0.25, "big": 12345678901, "size": [null, 3, 3],
         "tiny": 1e-07, "bias": true, "mask": false, "nested": {"empty": {}, "none": []},
         "path": "a\\/b\\n\\"c\\"", "zero": -0, "minus": -7}
        """;

    assertThat(PlainJson.parse(text)).isEqualTo(Json.parse("test", text));
    assertThat(map(PlainJson.parse(text)))
        .hasSize(12)
        .containsEntry("big", 12345678901L)
        .containsEntry("alpha", -0.25)
        .containsEntry("path", "a/b\n\"c\"")
        .containsEntry("zero", 0)
        .containsEntry("tiny", 1e-7);
    assertThat(PlainJson.parse(" [1, 2 ] ")).isEqualTo(List.of(1, 2));
    assertThat(PlainJson.parse("null")).isNull();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{1:2}",
        "tru",
        "nulll",
        "NaN",
        "[Infinity]",
        "-",
        "01",
        "1.",
        ".5",
        "1e",
        "+1",
        "1 2",
        "1234567890123456789",
        "\"\\u0041\"",
        "\"\\x\"",
        "\"open",
        "\"\t\"",
        "\uFEFF1",
        "\"\uFFFD\"",
        "'a'",
        "// 1"
      })
  void what_is_unusual_is_left_to_jackson(String text) {
    assertThat(PlainJson.parse(text)).isSameAs(PlainJson.UNUSUAL);
  }

  @Test
  void what_is_large_or_deep_is_left_to_jackson() {
    assertThat(PlainJson.parse("[".repeat(101) + "]".repeat(101))).isSameAs(PlainJson.UNUSUAL);
    assertThat(PlainJson.parse("[".repeat(100) + "]".repeat(100))).isInstanceOf(List.class);
    assertThat(PlainJson.parse('"' + "a".repeat(20_000) + '"')).isSameAs(PlainJson.UNUSUAL);
    assertThat(PlainJson.parse(" ".repeat(2_000_000) + "1")).isSameAs(PlainJson.UNUSUAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "2147483648", "0.1", "1e300", "-2.5E-7", "123456789012345678"})
  void numbers_are_those_of_jackson(String number) {
    try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), number)) {
      parser.nextToken();
      assertThat(PlainJson.parse(number)).isEqualTo(parser.getNumberValue());
    }
  }
}
