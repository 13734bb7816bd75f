package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The mistakes that users of Keras' SeparableConv2D make, under the names in which Keras' answers
 * were recorded, with the answer that Sepal gives to each.
 */
class SeparableConv2DErrorsTest {

  /** A call under the recorded names it stands for, and what becomes of it. */
  private record Case(
      String names, Callable<?> call, @Nullable Class<?> type, @Nullable String answer) {}

  private static final List<Case> CASES = new ArrayList<>();

  /** The full messages, read from a text beside this test: {@code [name]}, then the lines. */
  private static final Map<String, String> MESSAGES = new HashMap<>();

  static {
    try (InputStream text =
        SeparableConv2DErrorsTest.class.getResourceAsStream("separable_conv2d_errors.txt")) {
      String all = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      for (String block : all.split("\\n\\[")) {
        int end = block.indexOf("]\n");
        if (end > 0) {
          MESSAGES.put(block.substring(0, end), block.substring(end + 2).stripTrailing());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rejected(String names, Callable<?> call) {
    CASES.add(new Case(names, call, IllegalArgumentException.class, null));
  }

  private static void accepted(String names, Callable<?> call, String result) {
    CASES.add(new Case(names, call, null, result));
  }

  private static Layer sep(Map<String, Object> arguments) {
    Map<String, Object> config = new HashMap<>(Map.of("filters", 3, "kernel_size", 3));
    arguments.forEach((key, value) -> config.put(key, value == NULL ? null : value));
    return Layers.fromConfig("test", "SeparableConv2D", config);
  }

  private static final Object NULL = new Object();

  private static SeparableConv2D built(String name) {
    SeparableConv2D layer = new SeparableConv2D(3, 3, o -> o.name(name));
    layer.build(Shape.of(-1, 5, 5, 2));
    return layer;
  }

  private static Tensor zeros(int... shape) {
    return Tensor.zeros(shape);
  }

  static {
    rejected("padding_list_ctor padding_list_call", () -> sep(Map.of("padding", List.of(1, 1))));
    rejected("padding_int", () -> sep(Map.of("padding", 2)));
    rejected("padding_causal", () -> new SeparableConv2D(3, 3, o -> o.padding("causal")));
    rejected("padding_bogus", () -> new SeparableConv2D(3, 3, o -> o.padding("sane")));
    rejected("padding_none", () -> sep(Map.of("padding", NULL)));
    accepted(
        "padding_uppercase_ok",
        () -> new SeparableConv2D(3, 3, o -> o.padding("SAME")).config().padding(),
        "same");

    rejected("filters_zero", () -> new SeparableConv2D(0, 3));
    rejected("filters_negative", () -> new SeparableConv2D(-2, 3));
    rejected("filters_none_ctor filters_none_call", () -> sep(Map.of("filters", NULL)));
    rejected("filters_float", () -> sep(Map.of("filters", 2.5)));
    rejected("filters_string", () -> sep(Map.of("filters", "3")));
    rejected(
        "missing_kernel_size",
        () -> Layers.fromConfig("test", "SeparableConv2D", Map.of("filters", 3)));
    rejected(
        "missing_args from_config_missing",
        () -> Layers.fromConfig("test", "SeparableConv2D", Map.of()));
    rejected("unknown_kwarg from_config_unknown_key", () -> sep(Map.of("foo", 1)));
    rejected("unknown_kwarg_groups", () -> sep(Map.of("groups", 1)));
    rejected("unknown_kwarg_kernel_initializer", () -> sep(Map.of("kernel_initializer", "zeros")));

    rejected("kernel_size_zero", () -> new SeparableConv2D(3, 0));
    rejected("kernel_size_negative", () -> new SeparableConv2D(3, -1));
    rejected("kernel_size_pair_zero", () -> new SeparableConv2D(3, Dims.of(3, 0), o -> {}));
    rejected("kernel_size_pair_negative", () -> new SeparableConv2D(3, Dims.of(3, -2), o -> {}));
    rejected("kernel_size_three", () -> new SeparableConv2D(3, Dims.of(3, 3, 3), o -> {}));
    rejected("kernel_size_one_tuple", () -> new SeparableConv2D(3, Dims.of(3), o -> {}));
    rejected("kernel_size_none", () -> sep(Map.of("kernel_size", NULL)));
    rejected("kernel_size_string", () -> sep(Map.of("kernel_size", "ab")));
    rejected("kernel_size_float", () -> sep(Map.of("kernel_size", 3.5)));
    accepted(
        "kernel_size_tuple_float",
        () -> sep(Map.of("kernel_size", List.of(3.0, 3.0))).getConfig().get("kernel_size"),
        "[3, 3]");
    rejected("kernel_size_tuple_none", () -> sep(Map.of("kernel_size", Arrays.asList(3, null))));
    rejected("strides_zero", () -> new SeparableConv2D(3, 3, o -> o.strides(0)));
    rejected("strides_pair_zero", () -> new SeparableConv2D(3, 3, o -> o.strides(1, 0)));
    rejected("strides_negative", () -> new SeparableConv2D(3, 3, o -> o.strides(-1, 2)));
    rejected("strides_three", () -> new SeparableConv2D(3, 3, o -> o.strides(Dims.of(1, 1, 1))));
    rejected("strides_none", () -> sep(Map.of("strides", NULL)));
    rejected("dilation_zero", () -> new SeparableConv2D(3, 3, o -> o.dilationRate(0)));
    rejected("dilation_negative", () -> new SeparableConv2D(3, 3, o -> o.dilationRate(2, -2)));
    rejected(
        "dilation_three", () -> new SeparableConv2D(3, 3, o -> o.dilationRate(Dims.of(1, 1, 1))));
    rejected("depth_multiplier_zero", () -> new SeparableConv2D(3, 3, o -> o.depthMultiplier(0)));
    rejected(
        "depth_multiplier_negative", () -> new SeparableConv2D(3, 3, o -> o.depthMultiplier(-1)));
    accepted(
        "depth_multiplier_none_ctor depth_multiplier_none_call",
        () ->
            sep(new HashMap<>(Map.of("depth_multiplier", NULL)))
                .getConfig()
                .get("depth_multiplier"),
        "1");

    accepted(
        "data_format_uppercase_ok",
        () -> new SeparableConv2D(3, 3, o -> o.dataFormat("Channels_First")).config().dataFormat(),
        "channels_first");
    rejected(
        "data_format_bogus", () -> new SeparableConv2D(3, 3, o -> o.dataFormat("channel_last")));
    rejected("data_format_int", () -> sep(Map.of("data_format", 1)));
    rejected("activation_unknown", () -> new SeparableConv2D(3, 3, o -> o.activation("bogus")));
    rejected("activation_int", () -> sep(Map.of("activation", 3)));
    rejected(
        "depthwise_initializer_unknown",
        () -> new SeparableConv2D(3, 3, o -> o.depthwiseInitializer("glorot_unifrom")));
    rejected(
        "depthwise_initializer_int",
        () -> new SeparableConv2D(3, 3, o -> o.depthwiseInitializer(3)));
    accepted(
        "depthwise_initializer_none",
        () ->
            new SeparableConv2D(3, 3, o -> o.depthwiseInitializer(null))
                .getConfig()
                .get("depthwise_initializer"),
        "null");
    accepted(
        "bias_initializer_none_build",
        () -> {
          SeparableConv2D layer =
              new SeparableConv2D(
                  1,
                  1,
                  o ->
                      o.depthwiseInitializer("ones")
                          .pointwiseInitializer("ones")
                          .biasInitializer(null));
          layer.build(Shape.of(-1, 4, 4, 1));
          return layer.getWeights().stream().map(w -> w.get(0)).toList();
        },
        "[1.0, 1.0, 0.0]");
    rejected(
        "depthwise_regularizer_unknown",
        () -> new SeparableConv2D(3, 3, o -> o.depthwiseRegularizer("l3")));
    rejected(
        "depthwise_regularizer_int",
        () -> new SeparableConv2D(3, 3, o -> o.depthwiseRegularizer(3)));
    rejected(
        "depthwise_constraint_unknown",
        () -> new SeparableConv2D(3, 3, o -> o.depthwiseConstraint("bogus")));
    rejected(
        "depthwise_constraint_int", () -> new SeparableConv2D(3, 3, o -> o.depthwiseConstraint(3)));
    rejected(
        "activity_regularizer_unknown",
        () -> new SeparableConv2D(3, 3, o -> o.activityRegularizer("bogus")));
    rejected("dtype_bogus", () -> new SeparableConv2D(3, 3, o -> o.dtype("float7")));
    rejected("name_slash", () -> new SeparableConv2D(3, 3, o -> o.name("a/b")));
    rejected("name_int", () -> sep(Map.of("name", 5)));

    rejected(
        "strides_and_dilation_ctor",
        () -> new SeparableConv2D(3, 3, o -> o.strides(2).dilationRate(2)));
    accepted(
        "strides_and_dilation_call",
        () ->
            new SeparableConv2D(3, 3, o -> o.strides(2).dilationRate(2).allowStridedDilation())
                .apply(zeros(1, 9, 9, 2))
                .shape(),
        "(1, 3, 3, 3)");
    accepted(
        "strides_and_dilation_mixed_dims",
        () ->
            new SeparableConv2D(
                    3, 3, o -> o.strides(2, 1).dilationRate(1, 2).allowStridedDilation())
                .apply(zeros(1, 9, 9, 2))
                .shape(),
        "(1, 4, 5, 3)");

    rejected(
        "input_rank_3_call",
        () -> new SeparableConv2D(3, 3, o -> o.name("sep")).apply(zeros(2, 5, 4)));
    rejected(
        "input_rank_2_call",
        () -> new SeparableConv2D(3, 3, o -> o.name("sep")).apply(zeros(2, 5)));
    rejected(
        "input_rank_5_call",
        () -> new SeparableConv2D(3, 3, o -> o.name("sep")).apply(zeros(2, 5, 5, 5, 4)));
    rejected(
        "input_rank_3_build", () -> build(new SeparableConv2D(3, 3, o -> o.name("sep")), -1, 5, 4));
    rejected(
        "input_rank_5_build",
        () -> build(new SeparableConv2D(3, 3, o -> o.name("sep")), -1, 5, 5, 5, 4));
    rejected(
        "wrong_channels_after_build wrong_channels_named",
        () -> built("sep").apply(zeros(1, 5, 5, 3)));
    rejected(
        "wrong_channels_after_build_cf",
        () -> {
          SeparableConv2D layer =
              new SeparableConv2D(3, 3, o -> o.name("sep").dataFormat("channels_first"));
          layer.apply(zeros(1, 2, 5, 5));
          return layer.apply(zeros(1, 3, 5, 5));
        });
    rejected("wrong_rank_after_build", () -> built("sep").apply(zeros(5, 5, 2)));
    rejected(
        "channel_undefined_build channel_undefined_symbolic",
        () -> build(new SeparableConv2D(3, 3, o -> o.name("sep")), -1, 5, 5, -1));
    rejected(
        "channel_undefined_build_cf",
        () ->
            build(
                new SeparableConv2D(3, 3, o -> o.name("sep").dataFormat("channels_first")),
                -1,
                -1,
                5,
                5));
    accepted(
        "spatial_undefined_symbolic_ok",
        () ->
            new SeparableConv2D(3, 3, o -> o.strides(2).padding("same"))
                .computeOutputShape(Shape.of(-1, -1, -1, 4)),
        "(null, null, null, 3)");
    rejected(
        "output_zero_call",
        () -> new SeparableConv2D(3, 5, o -> o.name("sep")).apply(zeros(1, 4, 6, 2)));
    rejected(
        "output_zero_call_cf",
        () ->
            new SeparableConv2D(3, 5, o -> o.name("sep").dataFormat("channels_first"))
                .apply(zeros(1, 2, 4, 6)));
    rejected(
        "output_zero_dilated",
        () ->
            new SeparableConv2D(3, 3, o -> o.name("sep").dilationRate(3)).apply(zeros(1, 6, 6, 2)));
    rejected("output_zero_after_build", () -> built("sep").apply(zeros(1, 2, 2, 2)));
    rejected(
        "output_zero_compute_output_shape",
        () ->
            new SeparableConv2D(3, 5, o -> o.name("sep"))
                .computeOutputShape(Shape.of(-1, 4, 4, 2)));
    accepted(
        "compute_output_shape_unbuilt_ok",
        () ->
            new SeparableConv2D(3, 5, o -> o.strides(2))
                .computeOutputShape(Shape.of(-1, 14, 15, 2)),
        "(null, 5, 6, 3)");
    accepted(
        "compute_output_shape_none_ok",
        () ->
            new SeparableConv2D(3, 5, o -> o.strides(2))
                .computeOutputShape(Shape.of(-1, -1, 15, 2)),
        "(null, null, 6, 3)");
    accepted(
        "compute_output_shape_list_ok",
        () ->
            new SeparableConv2D(3, 5, o -> o.strides(2))
                .computeOutputShape(Shape.of(Arrays.asList(null, 14, 15, 2))),
        "(null, 5, 6, 3)");
    rejected(
        "compute_output_shape_rank3",
        () ->
            new SeparableConv2D(3, 5, o -> o.name("sep")).computeOutputShape(Shape.of(-1, 14, 15)));
    accepted(
        "zero_channels", () -> build(new SeparableConv2D(3, 3), -1, 5, 5, 0).countParams(), "3");
    accepted(
        "zero_batch_ok",
        () -> new SeparableConv2D(3, 3).apply(zeros(0, 5, 5, 2)).shape(),
        "(0, 3, 3, 3)");

    CASES.add(
        new Case(
            "count_params_unbuilt count_params_unbuilt_named",
            () -> new SeparableConv2D(3, 3, o -> o.name("sep")).countParams(),
            IllegalStateException.class,
            null));
    accepted("count_params_built_ok", () -> built("sep").countParams(), "27");
    accepted("get_weights_unbuilt_ok", () -> new SeparableConv2D(3, 3).getWeights(), "[]");
    rejected(
        "set_weights_unbuilt",
        () ->
            setWeights(
                new SeparableConv2D(3, 3, o -> o.name("sep")),
                zeros(3, 3, 2, 1),
                zeros(1, 1, 2, 3),
                zeros(3)));
    rejected("set_weights_too_few", () -> setWeights(built("sep"), zeros(3, 3, 2, 1)));
    rejected(
        "set_weights_too_many",
        () -> setWeights(built("sep"), zeros(3, 3, 2, 1), zeros(1, 1, 2, 3), zeros(3), zeros(1)));
    rejected(
        "set_weights_wrong_shape_depthwise",
        () -> setWeights(built("sep"), zeros(3, 3, 1, 2), zeros(1, 1, 2, 3), zeros(3)));
    rejected(
        "set_weights_wrong_shape_bias",
        () -> setWeights(built("sep"), zeros(3, 3, 2, 1), zeros(1, 1, 2, 3), zeros(4)));
    rejected(
        "variable_assign_wrong_shape",
        () -> {
          built("sep").weights().get(0).assign(zeros(3, 3, 1, 2));
          return null;
        });
    rejected("call_none", () -> new SeparableConv2D(3, 3, o -> o.name("sep")).apply((Tensor) null));
    rejected(
        "call_list_of_two",
        () ->
            new SeparableConv2D(3, 3, o -> o.name("sep"))
                .apply(zeros(1, 5, 5, 2), zeros(1, 5, 5, 2)));
    rejected(
        "call_no_args",
        () -> new SeparableConv2D(3, 3, o -> o.name("sep")).applyAll(List.<Tensor>of(), false));
    accepted(
        "call_int_input",
        () -> new SeparableConv2D(3, 3).apply(Tensor.of(new int[50], 1, 5, 5, 2)).dtype(),
        "float32");
    accepted(
        "call_float64_input",
        () -> new SeparableConv2D(3, 3).apply(Tensor.of(new double[50], 1, 5, 5, 2)).dtype(),
        "float32");
    rejected(
        "deserialize_unknown_class", () -> Layers.fromConfig("test", "SeperableConv2D", Map.of()));
    accepted(
        "deserialize_legacy_alias alias_class_ok",
        () ->
            Layers.fromConfig(
                    "test", "SeparableConvolution2D", Map.of("filters", 3, "kernel_size", 3))
                .className(),
        "SeparableConv2D");
  }

  private static Layer build(Layer layer, int... shape) {
    layer.build(Shape.of(shape));
    return layer;
  }

  private static Object setWeights(Layer layer, Tensor... weights) {
    layer.setWeights(List.of(weights));
    return null;
  }

  @TestFactory
  Stream<DynamicTest> every_mistake_gets_its_answer() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest(c.names, () -> check(c)));
  }

  private static void check(Case c) throws Exception {
    if (c.type == null) {
      assertThat(String.valueOf(c.call.call())).isEqualTo(c.answer);
    } else {
      String message = MESSAGES.get(c.names.split(" ")[0]);
      Throwable thrown = catchThrowable(c.call::call);
      assertThat(thrown).isInstanceOf(c.type);
      // Tests beside this one register classes of their own in the same process, all named Test.
      String text = thrown.getMessage().replaceAll("[Tt]est\\w+, |, [Tt]est\\w+", "");
      if (message.endsWith(" ...")) { // a list that grows with the library
        assertThat(text).startsWith(message.substring(0, message.length() - "...".length()));
      } else {
        assertThat(text).isEqualTo(message);
      }
    }
  }

  @Test
  void every_recorded_mistake_that_is_not_python_specific_is_covered() throws Exception {
    Path recorded =
        Path.of(System.getProperty("sepal.root", ".."))
            .resolve("../shared/golden/errors/separable_conv2d_errors.json");
    if (!Files.exists(recorded)) {
      System.err.println("SKIPPED, no record of Keras' errors at " + recorded);
    }
    Assumptions.assumeTrue(Files.exists(recorded), "no " + recorded);
    Set<String> covered = new HashSet<>();
    CASES.forEach(c -> covered.addAll(List.of(c.names.split(" "))));
    int seen = 0;
    for (JsonNode mistake : JsonMapper.shared().readTree(recorded)) {
      if (!mistake.path("python_specific").asBoolean(false)) {
        assertThat(covered).contains(mistake.get("id").asString());
        seen++;
      }
    }
    assertThat(seen).isEqualTo(90);
  }
}
