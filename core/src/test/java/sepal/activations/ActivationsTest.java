package sepal.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.kernels.Clamp;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Golden;
import sepal.testing.Gradients;

class ActivationsTest {
  private static final Map<String, Object> GOLDEN = Golden.read("functions/activations.json");
  private static final Activation EXPONENTIAL = Activations.get("test", "exponential");
  private static final Tensor INPUT = Golden.tensor(GOLDEN.get("input"));

  static Stream<String> names() {
    return Golden.map(GOLDEN.get("default_args")).keySet().stream()
        .filter(name -> !name.equals("threshold")); // has no defaults
  }

  static Stream<Map<String, Object>> casesWithArguments() {
    return Golden.map(GOLDEN.get("with_args")).values().stream().map(Golden::map);
  }

  static Stream<Activation> withArguments() {
    return casesWithArguments().map(ActivationsTest::activation);
  }

  static Stream<Activation> all() {
    return Stream.concat(
        Stream.concat(names().map(name -> Activations.get("test", name)), withArguments()),
        Stream.of(
            HardSigmoid.KERAS_2,
            new Squareplus(1),
            new Softmax(List.of(0, 1)),
            new LogSoftmax(List.of(0)),
            new Sparsemax(List.of(0)),
            new Glu(0)));
  }

  private static Activation activation(Map<String, Object> golden) {
    Map<String, Object> arguments = Golden.map(golden.get("kwargs"));
    return switch ((String) golden.get("function")) {
      case "relu" ->
          new Relu(
              number(arguments, "negative_slope", 0.0),
              number(arguments, "max_value", null),
              number(arguments, "threshold", 0.0));
      case "elu" -> new Elu(number(arguments, "alpha", null));
      case "gelu" -> new Gelu((Boolean) arguments.get("approximate"));
      case "leaky_relu" -> new LeakyRelu(number(arguments, "negative_slope", null));
      case "softmax" -> new Softmax(List.of((Integer) arguments.get("axis")));
      case "celu" -> new Celu(number(arguments, "alpha", null));
      case "hard_shrink" -> new HardShrink(number(arguments, "threshold", null));
      case "soft_shrink" -> new SoftShrink(number(arguments, "threshold", null));
      case "threshold" ->
          new Threshold(
              number(arguments, "threshold", null), number(arguments, "default_value", null));
      default -> throw new IllegalStateException(golden.toString());
    };
  }

  private static Double number(Map<String, Object> map, String key, Double otherwise) {
    return map.get(key) instanceof Number number ? (Double) number.doubleValue() : otherwise;
  }

  /**
   * Keras computes in float32, whose steps are 6e-8 of the greatest number on the way. Where terms
   * cancel, as in {@code x - tanh(x)} or {@code (x + sqrt(x^2 + 4)) / 2}, that is one of 1 or of x,
   * not of the result.
   */
  private static void assertMatches(Activation activation, Object golden) {
    Tensor expected = Golden.tensor(golden);
    Tensor actual = activation.apply(INPUT);
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i);
      if (Double.isInfinite(value)) {
        assertThat(actual.get(i)).isEqualTo(value);
        continue;
      }
      double cancelled = activation instanceof Elementwise ? Math.abs(INPUT.get(i)) : 0;
      double noise = 1.2e-7 * Math.max(1, cancelled) + 1e-6 * Math.abs(value);
      assertThat(actual.get(i)).as("element %d", i).isCloseTo(value, within(noise));
    }
  }

  @Test
  void the_golden_file_has_every_function() {
    assertThat(names()).hasSize(31);
    assertThat(casesWithArguments()).hasSize(11);
  }

  @ParameterizedTest
  @MethodSource("names")
  void values_match_keras(String name) {
    Map<String, Object> golden = Golden.map(Golden.map(GOLDEN.get("default_args")).get(name));
    Activation activation = Activations.get("test", name);
    assertMatches(activation, golden.get("output"));
    assertThat(activation.serialize()).isEqualTo(golden.get("serialized"));
  }

  @ParameterizedTest
  @MethodSource("casesWithArguments")
  void values_with_arguments_match_keras(Map<String, Object> golden) {
    assertMatches(activation(golden), golden.get("output"));
  }

  /** The rounding of Keras' float32 as above, and of the upstream gradients, up to 6.3. */
  @ParameterizedTest
  @MethodSource("names")
  void gradients_match_keras(String name) {
    Activation activation = Activations.get("test", name);
    Map<String, Object> golden = Golden.map(Golden.map(GOLDEN.get("default_args")).get(name));
    Tensor expected = Golden.tensor(golden.get("grad"));
    Tensor upstream = Tensor.full(DType.FLOAT32, activation.apply(INPUT).shape(), 1);
    boolean counted = !(activation instanceof Elementwise);
    if (counted) {
      float[] counting = new float[upstream.size()];
      for (int i = 0; i < counting.length; i++) {
        counting[i] = i / 10f;
      }
      upstream = Tensor.wrap(counting, upstream.shape());
    }
    Tensor actual = Gradients.of(activation::apply, INPUT, upstream);
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i);
      double noise = (counted ? 1e-5 : 3e-7) + 1e-6 * Math.abs(value);
      if (Double.isInfinite(value)) {
        assertThat(actual.get(i)).isEqualTo(value);
      } else {
        assertThat(actual.get(i))
            .as("element %d, at %s", i, INPUT.get(i))
            .isCloseTo(value, within(noise));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradients_are_finite_differences(Activation activation) {
    for (long seed = 1; seed <= 5; seed++) {
      Tensor x = Gradients.random(Shape.of(4, 2, 6), seed, -4, 4);
      Gradients.check(activation::apply, x, seed, activation == EXPONENTIAL ? 100 : 1);
    }
  }

  @Test
  void linear_has_the_gradient_of_what_it_feeds() {
    Activation twice = x -> Activations.TANH.apply(Activations.LINEAR.apply(x));
    assertThat(Gradients.of(twice::apply, INPUT).floats())
        .isEqualTo(Gradients.of(Activations.TANH::apply, INPUT).floats());
    assertThat(Gradients.of(Activations.LINEAR::apply, INPUT).floats()).containsOnly(1);
  }

  @Test
  void a_lambda_made_of_activations_gets_its_gradient_from_them() {
    Activation custom = x -> Activations.SIGMOID.apply(new Elu(0.5).apply(x));
    Gradients.check(custom::apply, Gradients.random(Shape.of(3, 5), 7, -3, 3), 7, 1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void float32_values_are_the_float64_values_rounded(Activation activation) {
    Tensor exact = activation.apply(INPUT.cast(DType.FLOAT64));
    assertThat(exact.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(activation.apply(INPUT).floats()).isEqualTo(exact.toFloatArray());
  }

  @ParameterizedTest
  @MethodSource("all")
  void nan_propagates(Activation activation) {
    Tensor x = Tensor.of(new float[] {Float.NaN, Float.NaN, 1, 2}, 2, 2);
    assertThat(activation.apply(x).get(0)).isNaN();
    assertThat(activation.apply(x.cast(DType.FLOAT64)).get(0)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax", "log_softmax", "sparsemax"})
  void one_nan_along_an_axis_makes_all_nan(String name) {
    Tensor x = Tensor.of(new double[] {1, Double.NaN, 3}, 3);
    assertThat(Activations.get("test", name).apply(x).doubles()).containsOnly(Double.NaN);
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_input_without_elements_is_accepted(Activation activation) {
    assertThat(activation.apply(Tensor.zeros(0, 4)).size()).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void every_activation_survives_a_round_trip(Activation activation) {
    assertThat(Activations.get("test", activation.serialize())).isEqualTo(activation);
  }

  @Test
  void the_input_is_left_alone() {
    float[] before = INPUT.toFloatArray();
    all().forEach(activation -> activation.apply(INPUT));
    assertThat(INPUT.floats()).isEqualTo(before);
  }

  @Test
  void integers_are_refused() {
    Tensor integers = Tensor.of(new int[] {1, 2}, 2);
    assertThatThrownBy(() -> Activations.SIGMOID.apply(integers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            activation sigmoid: the input is not floating
              got:      int32 (2,)
              expected: float32 or float64
              fix:      call cast(DType.FLOAT32) first""");
  }

  /** Values of {@code erfc}, computed outside Java. */
  @Test
  void the_normal_distribution_is_exact_in_double() {
    Map<Double, Double> known =
        Map.of(
            -37.0, 5.725571222525139e-300,
            -10.0, 7.619853024160593e-24,
            -3.0, 0.0013498980316300957,
            -2.5, 0.006209665325776139,
            -2.4999, 0.006211418374944594,
            -0.1, 0.460172162722971,
            0.0, 0.5,
            0.5, 0.6914624612740131,
            2.4, 0.9918024640754038,
            6.0, 0.9999999990134123);
    known.forEach(
        (x, p) -> assertThat(Smooth.normalCdf(x)).as("at %s", x).isCloseTo(p, within(1e-13 * p)));
  }

  @Test
  void large_values_do_not_overflow_on_the_way() {
    Tensor x = Tensor.of(new double[] {-1000, 1000}, 2);
    assertThat(Activations.SIGMOID.apply(x).doubles()).containsExactly(0, 1);
    assertThat(Activations.get("test", "softplus").apply(x).doubles()).containsExactly(0, 1000);
    assertThat(Activations.get("test", "log_sigmoid").apply(x).doubles())
        .containsExactly(-1000, -0.0);
    assertThat(Activations.get("test", "mish").apply(x).doubles()).containsExactly(-0.0, 1000);
    assertThat(Activations.SOFTMAX.apply(x).doubles()).containsExactly(0, 1);
    assertThat(Activations.get("test", "log_softmax").apply(x).doubles()).containsExactly(-2000, 0);
  }

  @Test
  void the_hard_sigmoid_of_keras_2_is_another_line() {
    Tensor x = Tensor.of(new double[] {-2.5, -1, 0, 1, 2.4, 3}, 6);
    assertThat(HardSigmoid.KERAS_2.apply(x).doubles())
        .containsExactly(new double[] {0, 0.3, 0.5, 0.7, 0.98, 1}, within(1e-15));
    assertThat(HardSigmoid.KERAS_2.serialize())
        .isEqualTo(
            serialized("sepal.activations", "HardSigmoid", Map.of("slope", 0.2), "HardSigmoid"));
  }

  private static Map<String, Object> serialized(
      String module, String className, Map<String, Object> config, String registeredName) {
    Map<String, Object> map = new HashMap<>();
    map.put("module", module);
    map.put("class_name", className);
    map.put("config", config);
    map.put("registered_name", registeredName);
    return map;
  }

  @Test
  void kernels_know_linear_relu_and_relu6() {
    assertThat(Activations.LINEAR.clamp()).isEqualTo(Clamp.NONE);
    assertThat(Activations.RELU.clamp()).isEqualTo(Clamp.RELU);
    assertThat(Activations.RELU6.clamp()).isEqualTo(Clamp.RELU6);
    assertThat(new Relu(0, 6.0, 0)).isEqualTo(Activations.RELU6);
    assertThat(new Relu(0.1, null, 0).clamp()).isNull();
    assertThat(new Relu(0, 5.0, 0).clamp()).isNull();
    assertThat(new Relu(0, null, 1).clamp()).isNull();
    assertThat(Activations.SIGMOID.clamp()).isNull();
  }

  @Test
  void linear_passes_its_input_on() {
    assertThat(Activations.LINEAR.apply(INPUT)).isSameAs(INPUT);
  }

  @Test
  void softmax_over_two_axes_is_softmax_over_their_product() {
    Tensor x = INPUT.reshape(Shape.of(4, 4, 4));
    Tensor flat = new Softmax().apply(INPUT);
    assertThat(new Softmax(List.of(1, 2)).apply(x).floats()).isEqualTo(flat.floats());
    assertThat(new Softmax(List.of(-1, -2)).apply(x).floats()).isEqualTo(flat.floats());
    assertThat(Arrays.stream(new Softmax(List.of(0, 1, 2)).apply(x).toDoubleArray()).sum())
        .isCloseTo(1, within(1e-6));
  }

  @Test
  void an_axis_that_the_input_lacks_is_refused() {
    assertThatThrownBy(() -> new Softmax(List.of(2)).apply(INPUT))
        .hasMessage(
            """
            activation Softmax: there is no such axis
              got:      axis=2 for shape (4, 16)
              expected: an axis from -2 to 1""");
  }

  @Test
  void glu_refuses_an_axis_of_odd_size() {
    assertThatThrownBy(() -> new Glu().apply(Tensor.zeros(2, 3)))
        .hasMessage(
            """
            activation glu: the axis cannot be halved
              got:      size 3 on axis -1 of (2, 3)
              expected: an even size""");
  }

  // Names and configurations

  @Test
  void null_is_linear_and_an_object_is_accepted() {
    Activation elu = new Elu(2);
    assertThat(Activations.get("test", null)).isSameAs(Activations.LINEAR);
    assertThat(Activations.get("test", elu)).isSameAs(elu);
    assertThat(Activations.get("test", "relu")).isEqualTo(Activations.RELU);
    assertThat(Activations.get("test", "relu6")).isEqualTo(Activations.RELU6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReLU", "Relu", "RELU", "Softmax", "re_lu", "LeakyReLU", "Linear", ""})
  void names_are_taken_literally(String name) {
    assertThatThrownBy(() -> Activations.get("test", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("test: unknown activation\n  got:      \"" + name + "\"");
  }

  @Test
  void an_unknown_name_is_refused_with_the_nearest_known_one() {
    assertThatThrownBy(() -> Activations.get("SeparableConv2D \"sep\"", "ReLU"))
        .hasMessage(
            """
            SeparableConv2D "sep": unknown activation
              got:      "ReLU" (did you mean "relu"?)
              expected: one of celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, \
            hard_silu, hard_swish, hard_tanh, leaky_relu, linear, log_sigmoid, log_softmax, mish, \
            relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign, sparse_plus, \
            sparse_sigmoid, sparsemax, squareplus, swish, tanh, tanh_shrink""");
  }

  @Test
  void arguments_are_written_as_the_keras_object_that_takes_them() {
    Map<String, Object> relu = new HashMap<>();
    relu.put("max_value", null);
    relu.put("negative_slope", 0.1);
    relu.put("threshold", 0.0);
    assertThat(new Relu(0.1, null, 0).serialize())
        .isEqualTo(serialized("keras.layers", "ReLU", relu, null));
    assertThat(new LeakyRelu(0.3).serialize())
        .isEqualTo(serialized("keras.layers", "LeakyReLU", Map.of("negative_slope", 0.3), null));
    assertThat(new Softmax(List.of(1)).serialize())
        .isEqualTo(serialized("keras.layers", "Softmax", Map.of("axis", 1), null));
    assertThat(new Gelu(true).serialize())
        .isEqualTo(serialized("keras.src.ops.nn", "Gelu", Map.of("approximate", true), "Gelu"));
  }

  @Test
  void an_activation_layer_as_keras_writes_it_is_read() {
    Map<String, Object> config =
        Map.of(
            "name",
            "leaky_re_lu",
            "trainable",
            true,
            "dtype",
            Map.of("class_name", "DTypePolicy", "config", Map.of("name", "float32")),
            "negative_slope",
            0.25);
    assertThat(Activations.get("test", serialized("keras.layers", "LeakyReLU", config, null)))
        .isEqualTo(new LeakyRelu(0.25));
    assertThat(
            Activations.get(
                "test", Map.of("class_name", "LeakyReLU", "config", Map.of("alpha", 0.5))))
        .isEqualTo(new LeakyRelu(0.5));
    assertThat(Activations.get("test", Map.of("class_name", "LeakyReLU", "config", Map.of())))
        .isEqualTo(new LeakyRelu(0.3));
  }

  @Test
  void the_function_form_of_keras_3_is_read() {
    assertThat(Activations.get("test", function("relu"))).isEqualTo(Activations.RELU);
  }

  private static Map<String, Object> function(String name) {
    return Map.of(
        "module",
        "builtins",
        "class_name",
        "function",
        "config",
        name,
        "registered_name",
        "function");
  }

  @Test
  void a_threshold_without_its_numbers_is_refused() {
    assertThatThrownBy(
            () -> Activations.get("d", Map.of("class_name", "Threshold", "config", Map.of())))
        .hasMessage(
            """
            d, activation Threshold: wrong value of threshold
              got:      threshold=null
              expected: a number; there is no default""");
  }

  @Test
  void a_lambda_works_but_is_saved_only_once_registered() {
    Activation same = x -> x;
    assertThat(Activations.get("test", same)).isSameAs(same);
    assertThat(same.clamp()).isNull();
    assertThatThrownBy(same::serialize)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Activations: an activation without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Activations.registerFunction("my_activation", ...) before saving and loading""");
    Activations.registerFunction("test_same", same);
    assertThat(same.serialize()).isEqualTo(function("test_same"));
    assertThat(Activations.get("test", same.serialize())).isSameAs(same);
    assertThat(Activations.get("test", function("my_package>test_same"))).isSameAs(same);
  }

  record TestPower(double exponent) implements Activation {
    @Override
    public Tensor apply(Tensor x) {
      return x;
    }

    @Override
    public Map<String, Object> getConfig() {
      return Map.of("exponent", exponent);
    }
  }

  @Test
  void a_registered_class_is_saved_and_loaded() {
    Activations.register("TestPower", c -> new TestPower(c.number("exponent", 2)));
    assertThat(Activations.get("test", new TestPower(3).serialize())).isEqualTo(new TestPower(3));
  }
}
