package sepal.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layers;

/**
 * Turns the configuration of a layer of any Keras into the form of Keras 3: new names for old keys,
 * old meanings in new words, and no keys that never meant anything.
 */
final class LegacyLayers {
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("Convolution1D", "Conv1D"),
          Map.entry("AtrousConvolution1D", "Conv1D"),
          Map.entry("AtrousConv1D", "Conv1D"),
          Map.entry("SeparableConvolution1D", "SeparableConv1D"),
          Map.entry("Convolution1DTranspose", "Conv1DTranspose"),
          Map.entry("Convolution2D", "Conv2D"),
          Map.entry("AtrousConvolution2D", "Conv2D"),
          Map.entry("AtrousConv2D", "Conv2D"),
          Map.entry("SeparableConvolution2D", "SeparableConv2D"),
          Map.entry("Deconvolution2D", "Conv2DTranspose"),
          Map.entry("Deconv2D", "Conv2DTranspose"),
          Map.entry("Convolution2DTranspose", "Conv2DTranspose"),
          Map.entry("Convolution3D", "Conv3D"));

  /** What Keras 2 called the keys of Keras 1. */
  static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("nb_filter", "filters"),
          Map.entry("filter_length", "kernel_size"),
          Map.entry("subsample_length", "strides"),
          Map.entry("pool_length", "pool_size"),
          Map.entry("stride", "strides"),
          Map.entry("length", "size"),
          Map.entry("border_mode", "padding"),
          Map.entry("subsample", "strides"),
          Map.entry("atrous_rate", "dilation_rate"),
          Map.entry("dim_ordering", "data_format"),
          Map.entry("bias", "use_bias"),
          Map.entry("output_dim", "units"),
          Map.entry("W_regularizer", "kernel_regularizer"),
          Map.entry("b_regularizer", "bias_regularizer"),
          Map.entry("W_constraint", "kernel_constraint"),
          Map.entry("b_constraint", "bias_constraint"),
          Map.entry("inner_init", "recurrent_initializer"),
          Map.entry("inner_activation", "recurrent_activation"),
          Map.entry("U_regularizer", "recurrent_regularizer"),
          Map.entry("dropout_W", "dropout"),
          Map.entry("dropout_U", "recurrent_dropout"),
          Map.entry("beta_init", "beta_initializer"),
          Map.entry("gamma_init", "gamma_initializer"),
          Map.entry("p", "rate"),
          Map.entry("sigma", "stddev"),
          Map.entry("input_dtype", "dtype"));

  /** Keys of old files that say nothing about what a layer computes. */
  private static final Set<String> IDLE =
      Set.of(
          "input_dim",
          "input_length",
          "consume_less",
          "dynamic",
          "implementation",
          "sample_weight_mode",
          "fused",
          "virtual_batch_size",
          "adjustment",
          "renorm",
          "renorm_clipping",
          "renorm_momentum");

  private static final Map<String, String> MERGES =
      Map.of(
          "sum", "Add",
          "mul", "Multiply",
          "ave", "Average",
          "max", "Maximum",
          "concat", "Concatenate");

  private final String where;
  private final boolean beforeKeras3;
  private final Function<String, @Nullable Integer> depthMultipliers;

  /**
   * @param keras the major version that wrote the configuration
   * @param depthMultipliers what the kernel of a depthwise layer of a name says, where its
   *     configuration does not
   */
  LegacyLayers(String where, int keras, Function<String, @Nullable Integer> depthMultipliers) {
    this.where = where;
    this.beforeKeras3 = keras < 3;
    this.depthMultipliers = depthMultipliers;
  }

  /** {@code {"class_name", "config", ...}} of a layer. */
  Map<String, @Nullable Object> translate(Map<String, @Nullable Object> entry) {
    if (!(entry.get("class_name") instanceof String given)
        || !(entry.get("config") instanceof Map<?, ?> arguments)) {
      return entry;
    }
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> e : LegacyConfig.asMap(arguments).entrySet()) {
      config.put(e.getKey(), plain(e.getValue()));
    }
    String className = CLASSES.getOrDefault(given, given);
    if (className.contains(">") && !Layers.isRegistered(className)) {
      className = className.substring(className.lastIndexOf('>') + 1);
    }
    if (beforeKeras3) {
      className = translateOld(given, className, config);
    }
    translateAny(className, config);
    Map<String, @Nullable Object> translated = new LinkedHashMap<>(entry);
    translated.put("class_name", className);
    translated.put("config", config);
    return translated;
  }

  /** What can be told from the keys alone; files of Keras 2 are often saved again by others. */
  private void translateAny(String className, Map<String, @Nullable Object> config) {
    switch (className) {
      case "InputLayer" -> rename(config, "batch_input_shape", "batch_shape");
      case "LeakyReLU" -> rename(config, "alpha", "negative_slope");
      case "BatchNormalization" -> {
        if (config.get("axis") instanceof List<?> axes && axes.size() == 1) {
          config.put("axis", axes.get(0));
        }
      }
      case "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D" -> {
        config
            .keySet()
            .removeAll(
                Set.of("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"));
        if (className.startsWith("Depthwise")) {
          config.remove("filters");
        }
        if (config.get("depth_multiplier") == null) {
          Integer found = depthMultipliers.apply(String.valueOf(config.get("name")));
          config.put("depth_multiplier", found == null ? 1 : found);
        }
      }
      case "Conv2DTranspose", "Conv3DTranspose", "Conv1DTranspose" -> config.remove("groups");
      case "SpatialDropout1D", "SpatialDropout2D" -> config.remove("noise_shape"); // never used
      case "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D" -> {
        if (Boolean.TRUE.equals(config.remove("time_major"))) {
          throw Problem.in(where, "a recurrent layer with the time on the first axis")
              .got("time_major=true")
              .expected("time_major=false")
              .asInvalidArgument();
        }
      }
      default -> {}
    }
  }

  private String translateOld(
      String given, String className, Map<String, @Nullable Object> config) {
    if (given.equals("Merge")) {
      return merge(config);
    }
    if (className.equals("BatchNormalization")
        && config.get("mode") instanceof Number mode
        && mode.intValue() != 0) {
      throw Problem.in(where, "a BatchNormalization that normalizes in another way")
          .got("mode=" + mode)
          .expected("mode=0")
          .asInvalidArgument();
    }
    if (!config.containsKey("kernel_size") && config.containsKey("nb_row")) {
      config.put("kernel_size", pair(config.remove("nb_row"), config.remove("nb_col")));
    }
    if (!config.containsKey("kernel_size") && config.containsKey("kernel_dim1")) {
      List<@Nullable Object> size =
          pair(config.remove("kernel_dim1"), config.remove("kernel_dim2"));
      size.add(config.remove("kernel_dim3"));
      config.put("kernel_size", size);
    }
    if (className.equals("Conv2DTranspose")) {
      config.remove("output_shape"); // it follows from the other arguments since Keras 2
    }
    if (className.equals("ConvLSTM2D") && config.containsKey("forget_bias_init")) {
      config.put("unit_forget_bias", "one".equals(config.remove("forget_bias_init")));
    }
    if (config.containsKey("init")) {
      Object init = config.remove("init");
      boolean separable = className.equals("SeparableConv2D");
      List<String> keys =
          separable
              ? List.of("depthwise_initializer", "pointwise_initializer")
              : List.of(className.equals("PReLU") ? "alpha_initializer" : "kernel_initializer");
      keys.forEach(key -> config.put(key, init));
    }
    KEYS.forEach((from, to) -> rename(config, from, to));
    config.keySet().removeAll(IDLE);
    if (className.equals("BatchNormalization")) {
      config.remove("mode");
    }
    dataFormat(config);
    if (className.equals("Flatten")) {
      config.putIfAbsent("data_format", "channels_last"); // the order as it is, whatever keras.json
    }
    for (Map.Entry<String, @Nullable Object> argument : config.entrySet()) {
      argument.setValue(oldValue(argument.getKey(), argument.getValue()));
    }
    if (className.equals("ZeroPadding2D") || className.equals("ZeroPadding1D")) {
      config.computeIfPresent("padding", (key, value) -> padding(value));
    }
    return className;
  }

  private static void rename(Map<String, @Nullable Object> config, String from, String to) {
    if (config.containsKey(from)) {
      Object value = config.remove(from);
      config.putIfAbsent(to, value);
    }
  }

  private static List<@Nullable Object> pair(@Nullable Object first, @Nullable Object second) {
    List<@Nullable Object> pair = new ArrayList<>();
    pair.add(first);
    pair.add(second);
    return pair;
  }

  /** {@code th} and {@code tf} of Keras 1; {@code default} is what keras.json says. */
  private static void dataFormat(Map<String, @Nullable Object> config) {
    Object format = config.get("data_format");
    if ("th".equals(format)) {
      config.put("data_format", "channels_first");
    } else if ("tf".equals(format)) {
      config.put("data_format", "channels_last");
    } else if ("default".equals(format)) {
      config.put("data_format", null);
    }
  }

  private @Nullable Object oldValue(String key, @Nullable Object value) {
    if (key.endsWith("activation") && "hard_sigmoid".equals(value)) {
      // Keras 3 gave the name to max(0, min(1, x / 6 + 0.5)).
      return Map.of("class_name", "HardSigmoid", "config", Map.of("slope", 0.2));
    }
    if (!(value instanceof Map<?, ?> given)) {
      return value;
    }
    Map<String, @Nullable Object> map = LegacyConfig.asMap(given);
    if (key.endsWith("_initializer") && map.get("config") instanceof Map<?, ?> arguments) {
      Map<String, @Nullable Object> config = new LinkedHashMap<>(LegacyConfig.asMap(arguments));
      config.remove("dtype");
      Map<String, @Nullable Object> initializer = new LinkedHashMap<>(map);
      initializer.put("config", config);
      return initializer;
    }
    return map.containsKey("class_name") || !(map.get("name") instanceof String name)
        ? value
        : keras1Object(key, name, map);
  }

  /** A regularizer or constraint of Keras 1: its arguments stand beside its name. */
  private static Map<String, @Nullable Object> keras1Object(
      String key, String name, Map<String, @Nullable Object> map) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>(map);
    config.remove("name");
    rename(config, "m", "max_value");
    String className =
        key.endsWith("_regularizer")
                && Set.of("WeightRegularizer", "L1L2Regularizer", "ActivityRegularizer")
                    .contains(name)
            ? "L1L2"
            : name;
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("class_name", className);
    object.put("config", config);
    return object;
  }

  /** Keras 1 also took (top, bottom, left, right), and a map of these; or of (left, right). */
  private static @Nullable Object padding(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      if (!map.containsKey("top_pad")) {
        return pair(map.get("left_pad"), map.get("right_pad"));
      }
      return List.of(
          pair(map.get("top_pad"), map.get("bottom_pad")),
          pair(map.get("left_pad"), map.get("right_pad")));
    }
    return value instanceof List<?> list && list.size() == 4
        ? List.of(pair(list.get(0), list.get(1)), pair(list.get(2), list.get(3)))
        : value;
  }

  /** The one merging layer of Keras 1, which became a layer for each mode. */
  private String merge(Map<String, @Nullable Object> config) {
    Object mode = config.get("mode");
    Object modeType = config.getOrDefault("mode_type", "raw");
    String className = mode instanceof String text ? MERGES.get(text) : null;
    if (className == null || !"raw".equals(modeType) || config.get("layers") != null) {
      throw Problem.in(where, "a Merge layer that cannot be read")
          .got("mode=" + mode + " (" + modeType + ")")
          .expected("one of " + String.join(", ", MERGES.keySet().stream().sorted().toList()))
          .asInvalidArgument();
    }
    Object axis = config.get("concat_axis");
    config.keySet().retainAll(Set.of("name", "trainable", "dtype"));
    if (className.equals("Concatenate") && axis != null) {
      config.put("axis", axis);
    }
    return className;
  }

  /** Arrays that are wrapped up, of Keras 3 and of NumPy, as plain values; the rest as it is. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      if (Set.of("__numpy__", "__tensor__").contains(String.valueOf(map.get("class_name")))
          && map.get("config") instanceof Map<?, ?> config) {
        return config.get("value");
      }
      if ("ndarray".equals(map.get("type"))) {
        return map.get("value");
      }
      if ("function".equals(map.get("class_name")) && map.get("config") instanceof String name) {
        return name; // a function that is known by its name, as CodeCheck has made sure
      }
    }
    return value;
  }
}
