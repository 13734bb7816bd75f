package sepal.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.config.Names;

/** The arguments of a metric; what is read is written again, in the order of reading. */
final class Arguments {
  private final String className;
  private final Config config;
  private final Map<String, @Nullable Object> read = new LinkedHashMap<>();

  Arguments(String className, Config config) {
    this(className, config, Names.snakeCase(className));
  }

  Arguments(String className, Config config, String name) {
    this.className = className;
    this.config = config;
    text("name", name);
    Object dtype = config.get("dtype");
    read.put("dtype", dtype == null ? "float32" : dtype);
    config.get("fn");
  }

  String className() {
    return className;
  }

  Map<String, @Nullable Object> read() {
    return read;
  }

  private <T> T keep(String key, T value) {
    read.put(key, value);
    return value;
  }

  double number(String key, double otherwise) {
    return keep(key, config.number(key, otherwise));
  }

  @Nullable Double number(String key) {
    Double value = config.number(key);
    read.put(key, value);
    return value;
  }

  int integer(String key, int otherwise) {
    Integer value = config.integer(key);
    return keep(key, value == null ? otherwise : value);
  }

  int positive(String key, int otherwise) {
    return Check.positive(config.where(), key, integer(key, otherwise));
  }

  /** Whether an argument was given; it is not read thereby. */
  boolean has(String key) {
    return config.has(key);
  }

  @Nullable Integer integer(String key) {
    Integer value = config.integer(key);
    read.put(key, value);
    return value;
  }

  boolean flag(String key, boolean otherwise) {
    return keep(key, config.flag(key, otherwise));
  }

  String text(String key, String otherwise) {
    return keep(key, config.text(key, otherwise));
  }

  /** One of several words, the first of which is the default; {@code "None"} stands for null. */
  String choice(String key, String... words) {
    Object given = config.has(key) ? config.get(key) : words[0];
    String text = given == null ? "None" : given.toString();
    for (String word : words) {
      if (word.equalsIgnoreCase(text)) {
        read.put(key, word.equals("None") ? null : word);
        return word;
      }
    }
    throw Problem.in(config.where(), "unknown " + key)
        .got(key + "=\"" + text + "\"" + Check.didYouMean(text, List.of(words)))
        .expected("one of " + String.join(", ", words))
        .asInvalidArgument();
  }

  int required(String key) {
    Integer value = config.integer(key);
    if (value == null) {
      throw Config.wrong(config.where(), key, null, "an integer; there is no default");
    }
    return keep(key, value);
  }

  double requiredShare(String key) {
    Double value = config.number(key);
    if (value == null || !(value >= 0 && value <= 1)) {
      throw Config.wrong(config.where(), key, value, "a number from 0 to 1");
    }
    return keep(key, value);
  }

  List<Integer> integers(String key, List<Integer> otherwise) {
    List<Integer> values = config.integers(key);
    return keep(key, values == null ? otherwise : values);
  }

  /** A number or a list of numbers, or null. */
  @Nullable List<Double> numbers(String key) {
    Object given = config.get(key);
    read.put(key, given);
    if (given == null) {
      return null;
    }
    List<Double> values = new ArrayList<>();
    for (Object value : given instanceof List<?> list ? list : List.of(given)) {
      if (!(value instanceof Number number)) {
        throw Config.wrong(config.where(), key, given, "a number, or a list of numbers");
      }
      values.add(number.doubleValue());
    }
    return values;
  }

  /** Thresholds for probabilities, or null. */
  @Nullable List<Double> thresholds() {
    List<Double> thresholds = numbers("thresholds");
    if (thresholds != null && !thresholds.stream().allMatch(t -> t >= 0 && t <= 1)) {
      throw Config.wrong(config.where(), "thresholds", thresholds, "numbers from 0 to 1");
    }
    return thresholds;
  }
}
