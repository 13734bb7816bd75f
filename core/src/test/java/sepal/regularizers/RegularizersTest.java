package sepal.regularizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Golden;
import sepal.testing.Gradients;

class RegularizersTest {
  private static final Map<String, Object> GOLDEN = Golden.read("functions/regularizers.json");

  static Stream<Map<String, Object>> cases() {
    return Golden.maps(GOLDEN.get("cases")).stream();
  }

  /** Keras sums in float32, whose steps are 6e-8: with 48 terms a millionth is ample. */
  @ParameterizedTest
  @MethodSource("cases")
  void penalties_match_keras(Map<String, Object> golden) {
    Regularizer regularizer = Regularizers.get("test", golden.get("serialized"));
    Map<String, Object> values = Golden.map(golden.get("values"));
    assertThat(values).isNotEmpty();
    values.forEach(
        (input, expected) -> {
          Tensor x = Golden.tensor(Golden.map(GOLDEN.get("inputs")).get(input));
          assertThat(regularizer.apply(x).get(0))
              .as(input)
              .isCloseTo(((Number) expected).doubleValue(), withinPercentage(1e-4));
          Tensor exact = regularizer.apply(x.cast(DType.FLOAT64));
          assertThat(exact.dtype()).isEqualTo(DType.FLOAT64);
          assertThat(exact.shape()).isEqualTo(Shape.of());
          assertThat(regularizer.apply(x).floats()).isEqualTo(exact.toFloatArray());
        });
  }

  /** As above; the gradients of a cosine are small differences, hence the absolute part. */
  @ParameterizedTest
  @MethodSource("cases")
  void gradients_match_keras(Map<String, Object> golden) {
    Regularizer regularizer = Regularizers.get("test", golden.get("serialized"));
    Map<String, Object> gradients = Golden.map(golden.get("grads"));
    if (gradients.isEmpty()) { // Keras knows no gradient of a constant
      assertThat(regularizer).isEqualTo(new L1L2(0, 0));
    }
    gradients.forEach(
        (input, expected) -> {
          Tensor x = Golden.tensor(Golden.map(GOLDEN.get("inputs")).get(input));
          float[] actual = Gradients.of(regularizer::apply, x).floats();
          float[] keras = Golden.tensor(expected).floats();
          for (int i = 0; i < keras.length; i++) {
            assertThat((double) actual[i])
                .as("%s[%d]", input, i)
                .isCloseTo(keras[i], within(1e-8 + 1e-6 * Math.abs(keras[i])));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_are_finite_differences(Map<String, Object> golden) {
    Regularizer regularizer = Regularizers.get("test", golden.get("serialized"));
    for (long seed = 1; seed <= 3; seed++) {
      Gradients.check(regularizer::apply, Gradients.random(Shape.of(4, 3), seed, -2, 2), seed, 1);
    }
  }

  @Test
  void l1_has_no_slope_at_zero() {
    Tensor x = Tensor.of(new float[] {0, -0f, 2}, 3);
    assertThat(Gradients.of(new L1(0.5)::apply, x).toDoubleArray()).containsExactly(0, -0.0, 0.5);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void configurations_are_written_as_keras_writes_them(Map<String, Object> golden) {
    Regularizer regularizer = Regularizers.get("test", golden.get("serialized"));
    Object written = regularizer.serialize();
    assertThat(written).isEqualTo(golden.get("serialized"));
    assertThat(written.toString()).as("order").isEqualTo(golden.get("serialized").toString());
    assertThat(Regularizers.get("test", written)).isEqualTo(regularizer);
  }

  @Test
  void every_name_that_keras_accepts_is_accepted() {
    for (String name : List.of("L1", "l1")) {
      assertThat(Regularizers.get("test", name)).isEqualTo(new L1(0.01));
    }
    for (String name : List.of("L2", "l2")) {
      assertThat(Regularizers.get("test", name)).isEqualTo(new L2(0.01));
    }
    for (String name : List.of("L1L2", "l1l2")) {
      assertThat(Regularizers.get("test", name)).isEqualTo(new L1L2(0, 0));
    }
    for (String name : List.of("OrthogonalRegularizer", "orthogonal_regularizer")) {
      assertThat(Regularizers.get("test", name)).isEqualTo(new OrthogonalRegularizer(0.01, "rows"));
    }
  }

  @Test
  void the_function_name_of_keras_2_has_the_defaults_of_that_function() {
    assertThat(Regularizers.get("test", "l1_l2")).isEqualTo(new L1L2(0.01, 0.01));
  }

  @Test
  void null_is_null_and_an_object_or_its_class_or_the_form_of_keras_2_is_accepted() {
    Regularizer l2 = new L2(0.5);
    assertThat(Regularizers.get("test", null)).isNull();
    assertThat(Regularizers.get("test", l2)).isSameAs(l2);
    assertThat(Regularizers.get("test", L1.class)).isEqualTo(new L1());
    assertThat(
            Regularizers.get(
                "test",
                Map.of(
                    "class_name", "L1L2", "config", Map.of("l1", 0.0, "l2", 0.009999999776482582))))
        .isEqualTo(new L1L2(0, 0.009999999776482582));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void coefficients_that_are_no_penalty_are_refused(double bad) {
    assertThatThrownBy(() -> new L1(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            L1: l1 must be a finite number, 0 or more
              got:      l1=%s
              expected: 0 or more""",
            bad);
    assertThatThrownBy(() -> new L2(bad)).hasMessageStartingWith("L2: l2 must be");
    assertThatThrownBy(() -> new L1L2(bad, 0)).hasMessageStartingWith("L1L2: l1 must be");
    assertThatThrownBy(() -> new L1L2(0, bad)).hasMessageStartingWith("L1L2: l2 must be");
    assertThatThrownBy(() -> new OrthogonalRegularizer(bad, "rows"))
        .hasMessageStartingWith("OrthogonalRegularizer: factor must be");
  }

  @Test
  void an_unknown_mode_and_a_weight_that_is_no_matrix_are_refused() {
    assertThatThrownBy(() -> new OrthogonalRegularizer(0.01, "x"))
        .hasMessage(
            """
            OrthogonalRegularizer: unknown mode
              got:      mode="x"
              expected: "rows" or "columns\"""");
    assertThatThrownBy(() -> new OrthogonalRegularizer().apply(Tensor.zeros(2, 3, 4)))
        .hasMessage(
            """
            OrthogonalRegularizer: the weight is not a matrix
              got:      shape (2, 3, 4) of rank 3
              expected: a shape of rank 2""");
  }

  @Test
  void rows_of_zeros_have_no_direction_and_no_penalty() {
    assertThat(new OrthogonalRegularizer().apply(Tensor.zeros(3, 2)).get(0)).isZero();
    Tensor x = Tensor.of(new double[] {0, 0, 1, 2, 3, 0}, 3, 2);
    assertThat(Gradients.of(new OrthogonalRegularizer()::apply, x).toDoubleArray())
        .doesNotContain(Double.NaN);
  }

  @Test
  void nan_propagates_unless_its_coefficient_is_zero() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN}, 2);
    assertThat(new L1().apply(x).get(0)).isNaN();
    assertThat(new L2().apply(x).get(0)).isNaN();
    assertThat(new L1L2(0, 1).apply(x).get(0)).isNaN();
    assertThat(new L1L2(0, 0).apply(x).get(0)).isZero();
  }

  @Test
  void sums_are_made_in_double() {
    // In float32 the sum would stop growing at 2^24.
    int size = (1 << 24) + 2;
    Tensor x = Tensor.full(DType.FLOAT32, Shape.of(size), 1);
    assertThat(new L1(1).apply(x).get(0)).isEqualTo(size);
    assertThat(new L2(1).apply(x).get(0)).isEqualTo(size);
  }

  @Test
  void an_unknown_name_is_refused_with_the_nearest_known_one() {
    assertThatThrownBy(() -> Regularizers.get("Dense \"d\", kernel_regularizer", "l3"))
        .hasMessage(
            """
            Dense "d", kernel_regularizer: unknown regularizer
              got:      "l3" (did you mean "L1"?)
              expected: one of L1, L1L2, L2, OrthogonalRegularizer, l1_l2""");
  }

  @Test
  void an_unknown_argument_is_refused() {
    assertThatThrownBy(
            () -> Regularizers.get("d", Map.of("class_name", "L2", "config", Map.of("l1", 1))))
        .hasMessage(
            """
            d, regularizer L2: unknown argument
              got:      "l1" (did you mean "l2"?)
              expected: one of l2""");
  }

  @Test
  void a_lambda_works_but_is_saved_only_once_registered() {
    Regularizer first = x -> x;
    assertThat(Regularizers.get("test", first).apply(Tensor.scalar(4)).get(0)).isEqualTo(4);
    assertThatThrownBy(first::serialize)
        .hasMessage(
            """
            Regularizers: a regularizer without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Regularizers.registerFunction("my_regularizer", ...) before saving and loading""");
    Regularizers.registerFunction("test_first", first);
    assertThat(Regularizers.get("test", first.serialize())).isSameAs(first);
  }

  record TestLimit(double limit) implements Regularizer {
    @Override
    public Tensor apply(Tensor x) {
      return Tensor.full(x.dtype(), Shape.of(), Math.max(0, x.get(0) - limit));
    }

    @Override
    public Map<String, Object> getConfig() {
      return Map.of("limit", limit);
    }
  }

  @Test
  void a_registered_class_is_saved_and_loaded() {
    Regularizers.register("TestLimit", c -> new TestLimit(c.number("limit", 1)));
    assertThat(Regularizers.get("test", new TestLimit(3).serialize())).isEqualTo(new TestLimit(3));
  }
}
