package sepal.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * JSON as plain Java: Map, List, String, Integer, Long, BigInteger, Double, Boolean and null, with
 * the {@code NaN} and {@code Infinity} that Keras writes.
 */
public final class Json {
  /** The configurations of the largest models have some ten thousand tokens. */
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(500)
          .maxTokenCount(1_000_000)
          .maxDocumentLength(256L << 20)
          .maxStringLength(256 << 20)
          .build();

  /** Without what makes long texts faster: a process that starts would load it for short ones. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .streamReadConstraints(LIMITS)
          .build();

  private Json() {}

  /**
   * @param where the file, for the error message
   * @throws IllegalArgumentException if {@code text} is not one JSON value
   */
  public static @Nullable Object parse(String where, String text) {
    return parse(where, FACTORY.createParser(ObjectReadContext.empty(), text));
  }

  /**
   * @param where the file, for the error message
   * @throws IllegalArgumentException if {@code utf8} is not one JSON value
   */
  public static @Nullable Object parse(String where, byte[] utf8) {
    return parse(where, FACTORY.createParser(ObjectReadContext.empty(), utf8));
  }

  /**
   * The same, of a value that must be an object.
   *
   * @throws IllegalArgumentException if {@code utf8} is not one JSON object
   */
  public static Map<String, @Nullable Object> parseObject(String where, byte[] utf8) {
    return asObject(where, parse(where, utf8));
  }

  /**
   * The same, of a value that must be an object.
   *
   * @throws IllegalArgumentException if {@code text} is not one JSON object
   */
  public static Map<String, @Nullable Object> parseObject(String where, String text) {
    return asObject(where, parse(where, text));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asObject(String where, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw Problem.in(where, "not a JSON object")
        .got(value == null ? "null" : value.getClass().getSimpleName())
        .expected("{...}")
        .asInvalidArgument();
  }

  /**
   * The text that Python's {@code json.dumps} gives for a value, letter for letter.
   *
   * @throws IllegalArgumentException if it is not of the types that {@link #parse} gives
   */
  public static String write(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    JsonWriter.write(value, text);
    return text.toString();
  }

  private static @Nullable Object parse(String where, JsonParser parser) {
    try (parser) {
      parser.nextToken();
      Object value = value(where, parser);
      if (parser.nextToken() != null) {
        throw notJson(where, "more text after the end", parser, null);
      }
      return value;
    } catch (JacksonException e) {
      throw notJson(where, e.getOriginalMessage(), parser, e);
    }
  }

  /** The value that begins at the current token; the parser bounds the depth. */
  private static @Nullable Object value(String where, JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw notJson(where, "the text ends too early", parser, null);
    }
    switch (token) {
      case START_OBJECT:
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, value(where, parser));
        }
        return map;
      case START_ARRAY:
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(where, parser));
        }
        return list;
      case VALUE_STRING:
        return parser.getString();
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        return parser.getNumberValue();
      case VALUE_TRUE:
        return true;
      case VALUE_FALSE:
        return false;
      case VALUE_NULL:
        return null;
      default:
        throw notJson(where, "unexpected " + token, parser, null);
    }
  }

  private static InvalidArgument notJson(
      String where, String what, JsonParser parser, @Nullable JacksonException cause) {
    Problem problem =
        Problem.in(where, "not valid JSON")
            .got(
                what.lines().findFirst().orElse("").replaceAll(" \\(start marker.*", "")
                    + " (line "
                    + parser.currentLocation().getLineNr()
                    + ", column "
                    + parser.currentLocation().getColumnNr()
                    + ")");
    return cause == null ? problem.asInvalidArgument() : problem.asInvalidArgument(cause);
  }
}
