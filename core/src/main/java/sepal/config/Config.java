package sepal.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * A configuration being read: typed access to a map that may come from a file, with errors that
 * name the owner and the key.
 */
public final class Config {
  private final String where;
  private final Map<String, ? extends @Nullable Object> values;
  private final Set<String> read = new HashSet<>();

  /** A view of {@code values}, which error messages call {@code where}. */
  public Config(String where, Map<String, ? extends @Nullable Object> values) {
    this.where = where;
    this.values = values;
  }

  /** Whose configuration it is, for error messages. */
  public String where() {
    return where;
  }

  /** Whether the key is there, even if its value is null. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value of {@code key} as it is; null if there is none. */
  public @Nullable Object get(String key) {
    read.add(key);
    return values.get(key);
  }

  /** All values, for who reads them in a way of their own. */
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> readAll() {
    read.addAll(values.keySet());
    return (Map<String, @Nullable Object>) values;
  }

  /**
   * The number that {@code key} names; {@code otherwise} if there is none.
   *
   * @throws IllegalArgumentException if the value is no number
   */
  public double number(String key, double otherwise) {
    Object value = get(key);
    return value == null ? otherwise : asNumber(where, key, value).doubleValue();
  }

  /**
   * The number that {@code key} names; null if there is none.
   *
   * @throws IllegalArgumentException if the value is no number
   */
  public @Nullable Double number(String key) {
    Object value = get(key);
    return value == null ? null : (Double) asNumber(where, key, value).doubleValue();
  }

  /**
   * The integer that {@code key} names; null if there is none.
   *
   * @throws IllegalArgumentException if the value is no integer
   */
  public @Nullable Integer integer(String key) {
    Object value = get(key);
    return value == null ? null : (Integer) asInteger(where, key, value);
  }

  /**
   * The truth value that {@code key} names; {@code otherwise} if there is none.
   *
   * @throws IllegalArgumentException if the value is neither true nor false
   */
  public boolean flag(String key, boolean otherwise) {
    Object value = get(key);
    return value == null ? otherwise : asFlag(where, key, value);
  }

  /**
   * The string that {@code key} names; {@code otherwise} if there is none.
   *
   * @throws IllegalArgumentException if the value is no string
   */
  public String text(String key, String otherwise) {
    Object value = get(key);
    return value == null ? otherwise : asText(where, key, value);
  }

  /** A list of integers; a single integer counts as a list of one. */
  public @Nullable List<Integer> integers(String key) {
    Object value = get(key);
    return value == null ? null : asIntegers(where, key, value);
  }

  /** Refuses keys that nobody asked for. */
  public void done() {
    for (String key : values.keySet()) {
      if (!read.contains(key)) {
        throw unknownArgument(where, key, read);
      }
    }
  }

  static RuntimeException unknownArgument(String where, String key, Set<String> known) {
    return Problem.in(where, "unknown argument")
        .got("\"" + key + "\"" + Check.didYouMean(key, known))
        .expected("one of " + String.join(", ", known.stream().sorted().toList()))
        .asInvalidArgument();
  }

  /** The value as a number, or the error that it is none. */
  public static Number asNumber(String where, String key, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw wrong(where, key, value, "a number");
  }

  /** The value as an {@code int}, or the error that it is no integer. */
  public static int asInteger(String where, String key, Object value) {
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw wrong(where, key, value, "an integer");
  }

  /** The value as a {@code long}, or the error that it is no integer. */
  public static long asLong(String where, String key, Object value) {
    if (value instanceof Number number && number.doubleValue() == number.longValue()) {
      return number.longValue();
    }
    throw wrong(where, key, value, "an integer");
  }

  /** The value as a {@code boolean}, or the error that it is neither true nor false. */
  public static boolean asFlag(String where, String key, Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(where, key, value, "true or false");
  }

  /** The value as a string, or the error that it is none. */
  public static String asText(String where, String key, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw wrong(where, key, value, "a string");
  }

  /**
   * The value as a list of integers, of one if it is a single integer, or the error that it is
   * none.
   */
  public static List<Integer> asIntegers(String where, String key, Object value) {
    List<Integer> list = new ArrayList<>();
    for (Object item : value instanceof List<?> items ? items : List.of(value)) {
      if (item == null) {
        throw wrong(where, key, value, "integers");
      }
      list.add(asInteger(where, key, item));
    }
    return List.copyOf(list);
  }

  /** The error for a value of the wrong kind. */
  public static RuntimeException wrong(
      String where, String key, @Nullable Object value, String expected) {
    return Problem.in(where, "wrong value of " + key)
        .got(key + "=" + show(value))
        .expected(expected)
        .asInvalidArgument();
  }

  private static String show(@Nullable Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return text.length() <= 120 ? text : text.substring(0, 117) + "...";
  }
}
