package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sepal.activations.Activations;
import sepal.constraints.Constraints;
import sepal.initializers.Identity;
import sepal.initializers.Initializers;
import sepal.initializers.Orthogonal;
import sepal.initializers.VarianceScaling;
import sepal.keras.Json;
import sepal.keras.Keras;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Concatenate;
import sepal.layers.Conv1D;
import sepal.layers.Conv2D;
import sepal.layers.Conv2DTranspose;
import sepal.layers.Conv3D;
import sepal.layers.ConvLSTM2D;
import sepal.layers.Cropping1D;
import sepal.layers.Cropping2D;
import sepal.layers.Cropping3D;
import sepal.layers.Dense;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.Dropout;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.MaxPooling2D;
import sepal.layers.Permute;
import sepal.layers.ReLU;
import sepal.layers.Reshape;
import sepal.layers.SeparableConv1D;
import sepal.layers.SeparableConv2D;
import sepal.layers.UpSampling2D;
import sepal.layers.ZeroPadding2D;
import sepal.losses.Losses;
import sepal.metrics.Metrics;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.optimizers.Adam;
import sepal.optimizers.Optimizers;
import sepal.optimizers.SGD;
import sepal.regularizers.L1L2;
import sepal.regularizers.L2;
import sepal.regularizers.OrthogonalRegularizer;
import sepal.regularizers.Regularizers;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * The mistakes that users of Keras make with everything around SeparableConv2D, under the names in
 * which Keras' answers were recorded, with the answer that Sepal gives to each.
 */
class OtherErrorsTest {

  /** A call under the recorded name it stands for, and what becomes of it. */
  private record Case(
      String name, Callable<?> call, @Nullable Class<?> type, @Nullable String answer) {}

  private static final List<Case> CASES = new ArrayList<>();

  /** The full messages, read from a text beside this test: {@code [name]}, then the lines. */
  private static final Map<String, String> MESSAGES = new HashMap<>();

  static {
    try (InputStream text = OtherErrorsTest.class.getResourceAsStream("other_errors.txt")) {
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

  private static void rejected(String name, Callable<?> call) {
    CASES.add(new Case(name, call, IllegalArgumentException.class, null));
  }

  private static void tooEarly(String name, Callable<?> call) {
    CASES.add(new Case(name, call, IllegalStateException.class, null));
  }

  private static void accepted(String name, Callable<?> call, String result) {
    CASES.add(new Case(name, call, null, result));
  }

  private static Layer layer(String className, Object... keysAndValues) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      config.put((String) keysAndValues[i], value == NULL ? null : value);
    }
    return Layers.fromConfig("test", className, config);
  }

  private static Map<String, Object> object(String className, Object... keysAndValues) {
    Map<String, Object> config = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      config.put((String) keysAndValues[i], value == NULL ? null : value);
    }
    return Map.of("class_name", className, "config", config);
  }

  private static final Object NULL = new Object();

  private static Tensor zeros(int... shape) {
    return Tensor.zeros(shape);
  }

  private static Sequential stack() {
    return new Sequential("m", new Dense(2, o -> o.name("d").inputShape(3)));
  }

  private static Sequential images() {
    return new Sequential("m", new SeparableConv2D(3, 3, o -> o.name("sep").inputShape(5, 5, 2)));
  }

  static {
    rejected("conv2d_strides_dilation", () -> new Conv2D(3, 3, o -> o.strides(2).dilationRate(2)));
    rejected("conv2d_groups_filters", () -> new Conv2D(3, 3, o -> o.groups(2)));
    rejected(
        "conv2d_groups_channels",
        () -> new Conv2D(4, 3, o -> o.name("c").groups(2)).apply(zeros(1, 5, 5, 3)));
    rejected("conv2d_groups_zero", () -> new Conv2D(4, 3, o -> o.groups(0)));
    rejected("conv2d_filters_zero", () -> new Conv2D(0, 3));
    rejected("conv2d_rank3", () -> new Conv2D(4, 3, o -> o.name("c")).apply(zeros(5, 5, 3)));
    rejected("conv3d_strides_dilation", () -> new Conv3D(3, 3, o -> o.strides(2).dilationRate(2)));
    rejected(
        "convlstm2d_strides_dilation",
        () -> new ConvLSTM2D(3, 3, o -> o.strides(2).dilationRate(2)));
    rejected(
        "convlstm2d_rank4",
        () -> new ConvLSTM2D(3, 3, o -> o.name("lstm")).apply(zeros(1, 5, 5, 2)));
    rejected(
        "convlstm2d_spatial_none",
        () -> new ConvLSTM2D(3, 3, o -> o.name("lstm")).apply(Input.of(4, -1, -1, 3)));
    rejected(
        "cropping3d_too_large",
        () -> new Cropping3D(o -> o.name("crop").cropping(3)).apply(zeros(1, 5, 8, 8, 2)));
    rejected("cropping3d_bad_len", () -> layer("Cropping3D", "cropping", List.of(1, 2)));
    rejected("zeropadding3d_bad_len", () -> layer("ZeroPadding3D", "padding", List.of(1, 2)));
    rejected(
        "conv2dt_strides_dilation",
        () -> new Conv2DTranspose(3, 3, o -> o.strides(2).dilationRate(2)));
    rejected(
        "conv2dt_output_padding_too_big",
        () -> new Conv2DTranspose(3, 3, o -> o.strides(2).outputPadding(2)));
    rejected(
        "conv2dt_output_padding_negative",
        () -> new Conv2DTranspose(3, 3, o -> o.strides(2).outputPadding(-1)));
    rejected(
        "conv2dt_channel_undefined",
        () -> {
          new Conv2DTranspose(4, 3, o -> o.name("c")).build(Shape.of(-1, 5, 5, -1));
          return null;
        });
    accepted(
        "conv1d_causal_ok",
        () -> new Conv1D(4, 3, o -> o.padding("causal")).apply(zeros(1, 5, 3)).shape(),
        "(1, 5, 4)");
    accepted(
        "conv1d_causal_channels_first",
        () ->
            new Conv1D(4, 3, o -> o.padding("causal").dataFormat("channels_first"))
                .apply(zeros(1, 3, 5))
                .shape(),
        "(1, 4, 5)");
    rejected("conv1d_strides_dilation", () -> new Conv1D(3, 3, o -> o.strides(2).dilationRate(2)));
    rejected(
        "separable1d_rank4",
        () -> new SeparableConv1D(3, 3, o -> o.name("s")).apply(zeros(1, 5, 5, 2)));
    // Keras computes it; the documents of its convolutions forbid it.
    rejected(
        "depthwise2d_strides_dilation_ctor",
        () -> new DepthwiseConv2D(3, o -> o.strides(2).dilationRate(2)));
    accepted(
        "depthwise2d_strides_dilation_call",
        () ->
            layer("DepthwiseConv2D", "kernel_size", 3, "strides", 2, "dilation_rate", 2)
                .apply(zeros(1, 9, 9, 2))
                .shape(),
        "(1, 3, 3, 2)");
    rejected(
        "depthwise2d_depth_multiplier_zero",
        () -> new DepthwiseConv2D(3, o -> o.depthMultiplier(0)));
    rejected("depthwise2d_strides_zero", () -> new DepthwiseConv2D(3, o -> o.strides(0)));

    rejected(
        "cropping2d_too_large",
        () -> new Cropping2D(o -> o.name("crop").cropping(3)).apply(zeros(1, 5, 8, 2)));
    rejected(
        "cropping1d_too_large",
        () -> new Cropping1D(o -> o.name("crop").cropping(3, 3)).apply(zeros(1, 5, 2)));
    rejected("cropping2d_bad_len", () -> layer("Cropping2D", "cropping", List.of(1, 2, 3)));
    rejected("cropping2d_negative", () -> new Cropping2D(-1));
    rejected("cropping2d_bogus", () -> layer("Cropping2D", "cropping", "a"));
    rejected("zeropadding1d_bad_len", () -> layer("ZeroPadding1D", "padding", List.of(1, 2, 3)));
    rejected("zeropadding2d_bad_len", () -> layer("ZeroPadding2D", "padding", List.of(1, 2, 3)));
    rejected("zeropadding2d_negative", () -> new ZeroPadding2D(-1));
    rejected(
        "zeropadding2d_rank",
        () -> new ZeroPadding2D(o -> o.name("pad").padding(1)).apply(zeros(1, 5, 2)));
    rejected("upsampling2d_bad_interp", () -> layer("UpSampling2D", "interpolation", "bogus"));
    rejected("upsampling2d_size_zero", () -> new UpSampling2D(0));
    accepted( // PyTorch cannot, Keras' other backends can
        "upsampling2d_lanczos_call",
        () -> layer("UpSampling2D", "interpolation", "lanczos3").apply(zeros(1, 4, 4, 2)).shape(),
        "(1, 8, 8, 2)");

    rejected(
        "batchnorm_axis_oob",
        () -> new BatchNormalization(o -> o.name("bn").axis(7)).apply(zeros(1, 4, 4, 2)));
    accepted(
        "batchnorm_axis_list",
        () -> layer("BatchNormalization", "axis", List.of(1)).getConfig().get("axis"),
        "1");
    rejected("dense_units_zero", () -> new Dense(0));
    rejected("dense_units_negative", () -> new Dense(-1));
    rejected("dense_units_none", () -> layer("Dense", "units", NULL));
    rejected(
        "dense_wrong_dim",
        () -> {
          Dense dense = new Dense(3, o -> o.name("d"));
          dense.apply(zeros(1, 5));
          return dense.apply(zeros(1, 4));
        });
    rejected("maxpool_causal", () -> new MaxPooling2D(2, o -> o.padding("causal")));
    rejected("maxpool_pool_zero", () -> new MaxPooling2D(0));
    rejected(
        "maxpool_too_large",
        () -> new MaxPooling2D(5, o -> o.name("pool")).apply(zeros(1, 4, 4, 2)));
    rejected("maxpool_rank", () -> new MaxPooling2D(2, o -> o.name("pool")).apply(zeros(4, 4, 2)));
    rejected(
        "reshape_mismatch",
        () -> layer("Reshape", "name", "r", "target_shape", List.of(3, 5)).apply(zeros(1, 4, 4)));
    rejected("reshape_two_minus_one", () -> new Reshape(-1, -1));
    rejected("permute_bad", () -> new Permute(0, 1));
    rejected("permute_bad2", () -> new Permute(1, 3));
    rejected(
        "permute_wrong_rank",
        () -> layer("Permute", "name", "p", "dims", List.of(2, 1)).apply(zeros(1, 2, 3, 4)));
    accepted("add_one_input", () -> new Add().applyAll(List.of(zeros(1, 2)), false).size(), "1");
    rejected("add_shape_mismatch", () -> layer("Add", "name", "a").apply(zeros(1, 2), zeros(1, 3)));
    // A single tensor is a list of one here.
    accepted("add_non_list", () -> new Add().apply(zeros(1, 2)).shape(), "(1, 2)");
    rejected(
        "concatenate_mismatch",
        () -> new Concatenate(o -> o.name("c").axis(-1)).apply(zeros(1, 2, 3), zeros(1, 4, 3)));
    rejected("relu_neg_max", () -> new ReLU(o -> o.maxValue(-1.0)));
    rejected("relu_neg_slope", () -> layer("ReLU", "negative_slope", -1));
    rejected("relu_neg_threshold", () -> layer("ReLU", "threshold", -1));
    // No value stands for the default.
    accepted(
        "leaky_relu_none",
        () -> layer("LeakyReLU", "negative_slope", NULL).getConfig().get("negative_slope"),
        "0.3");
    rejected("dropout_rate_over", () -> new Dropout(1.5));
    rejected("dropout_rate_negative", () -> new Dropout(-0.1));

    rejected("l2_negative", () -> new L2(-0.1));
    rejected("l2_string", () -> Regularizers.get("test", object("L2", "l2", "a")));
    rejected("l2_inf", () -> new L2(Double.POSITIVE_INFINITY));
    rejected("l1l2_nan", () -> new L1L2(Double.NaN, 0.1));
    rejected(
        "orthogonal_regularizer_rank", () -> new OrthogonalRegularizer().apply(zeros(2, 3, 4)));
    rejected("orthogonal_regularizer_mode", () -> new OrthogonalRegularizer(0.01, "x"));
    rejected("variance_scaling_scale", () -> new VarianceScaling(0, "fan_in", "truncated_normal"));
    rejected("orthogonal_init_rank1", () -> new Orthogonal().apply(Shape.of(3), DType.FLOAT32));
    rejected("identity_init_rank", () -> new Identity().apply(Shape.of(3, 3, 2), DType.FLOAT32));
    rejected(
        "random_normal_seed", () -> Initializers.get("test", object("RandomNormal", "seed", "a")));
    rejected("activation_get_unknown", () -> Activations.get("test", "bogus"));
    rejected("initializer_get_unknown", () -> Initializers.get("test", "bogus"));
    rejected("regularizer_get_unknown", () -> Regularizers.get("test", "bogus"));
    rejected("constraint_get_unknown", () -> Constraints.get("test", "bogus"));
    rejected("loss_get_unknown", () -> Losses.get("test", "bogus"));
    rejected("optimizer_get_unknown", () -> Optimizers.get("test", "bogus"));
    rejected("metric_get_unknown", () -> Metrics.get("test", "bogus"));

    rejected("sgd_momentum", () -> new SGD(o -> o.momentum(1.5)));
    rejected("sgd_momentum_type", () -> Optimizers.get("test", object("SGD", "momentum", "a")));
    accepted("sgd_lr_int", () -> new SGD(1).learningRate(), "1.0");
    accepted(
        "adamw_weight_decay_none",
        () ->
            Optimizers.get("test", object("AdamW", "weight_decay", NULL))
                .getConfig()
                .get("weight_decay"),
        "null");
    rejected("optimizer_two_clips", () -> new Adam(o -> o.clipnorm(1.0).clipvalue(1.0)));
    rejected("optimizer_unknown_arg", () -> Optimizers.get("test", object("Adam", "bogus", 1)));
    rejected("optimizer_grad_acc_1", () -> new Adam(o -> o.gradientAccumulationSteps(1)));
    rejected("optimizer_ema_momentum", () -> new Adam(o -> o.useEma(2, null)));

    rejected("sequential_not_layer", () -> stack().add(stack().output()));
    rejected(
        "sequential_duplicate_name",
        () -> new Sequential("m", new Dense(2, o -> o.name("a")), new Dense(2, o -> o.name("a"))));
    rejected(
        "functional_duplicate_name",
        () -> {
          KerasTensor input = Input.of(3);
          KerasTensor first = new Dense(2, o -> o.name("a")).apply(input);
          return new Functional(input, new Dense(2, o -> o.name("a")).apply(first), "f");
        });
    rejected(
        "functional_disconnected",
        () ->
            new Functional(
                Input.of(o -> o.shape(3).name("x")),
                new Dense(2).apply(Input.of(o -> o.shape(4).name("y"))),
                "f"));
    rejected("model_wrong_input_shape", () -> named(images()).predict(zeros(1, 5, 5, 3)));
    rejected("model_wrong_input_rank", () -> named(images()).predict(zeros(5, 5, 2)));
    tooEarly("model_fit_uncompiled", () -> stack().fit(zeros(2, 3), zeros(2, 2), o -> {}));
    accepted("model_unbuilt_weights", () -> new Sequential(new Dense(2)).getWeights(), "[]");
    tooEarly("model_unbuilt_count_params", () -> new Sequential("m", new Dense(2)).countParams());
    rejected(
        "save_bad_extension",
        () -> {
          Keras.saveModel(stack(), Path.of("x.foo"));
          return null;
        });
    rejected(
        "save_weights_bad_extension",
        () -> {
          Keras.saveWeights(stack(), Path.of("x.foo"));
          return null;
        });
    CASES.add(
        new Case(
            "load_missing", () -> Keras.loadModel(Path.of("nope.keras")), IOException.class, null));
    CASES.add(
        new Case(
            "load_weights_missing",
            () -> {
              Keras.loadWeights(stack(), Path.of("nope.weights.h5"));
              return null;
            },
            IOException.class,
            null));
  }

  /** The same model on an input of a known name. */
  private static Model named(Model model) {
    KerasTensor input = Input.of(o -> o.shape(5, 5, 2).name("in"));
    return new Functional(input, model.getLayer(0).apply(input), "m");
  }

  @TestFactory
  Stream<DynamicTest> every_mistake_gets_its_answer() {
    return CASES.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
  }

  private static void check(Case c) throws Exception {
    if (c.type == null) {
      assertThat(String.valueOf(c.call.call())).isEqualTo(c.answer);
      return;
    }
    String message = String.valueOf(MESSAGES.get(c.name));
    Throwable thrown = catchThrowable(c.call::call);
    assertThat(thrown).isInstanceOf(c.type);
    if (message.endsWith(" ...")) { // a list that grows with the library
      assertThat(thrown.getMessage())
          .startsWith(message.substring(0, message.length() - "...".length()));
    } else {
      assertThat(thrown).hasMessage(message);
    }
  }

  @Test
  void every_recorded_mistake_that_is_not_python_specific_is_covered() throws Exception {
    Path recorded =
        Path.of(System.getProperty("sepal.root", ".."))
            .resolve("../shared/golden/errors/other_errors.json");
    if (!Files.exists(recorded)) {
      System.err.println("SKIPPED, no record of Keras' errors at " + recorded);
    }
    Assumptions.assumeTrue(Files.exists(recorded), "no " + recorded);
    Set<String> covered = new TreeSet<>();
    CASES.forEach(c -> covered.add(c.name));
    int seen = 0;
    for (Object item : (List<?>) Json.parse("errors", Files.readAllBytes(recorded))) {
      Map<?, ?> mistake = (Map<?, ?>) item;
      if (Boolean.TRUE.equals(mistake.get("python_specific"))) {
        continue;
      }
      assertThat(covered).contains(String.valueOf(mistake.get("id")));
      seen++;
    }
    assertThat(seen).isEqualTo(CASES.size());
  }
}
