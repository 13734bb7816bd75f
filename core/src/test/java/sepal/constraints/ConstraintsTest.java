package sepal.constraints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Golden;

class ConstraintsTest {
  private static final Map<String, Object> GOLDEN = Golden.read("functions/constraints.json");

  static Stream<Map<String, Object>> cases() {
    return Golden.maps(GOLDEN.get("cases")).stream();
  }

  /** Keras computes norms in float32, whose steps are 6e-8: a millionth is ample. */
  @ParameterizedTest
  @MethodSource("cases")
  void constrained_weights_match_keras(Map<String, Object> golden) {
    Constraint constraint = Constraints.get("test", golden.get("serialized"));
    Map<String, Object> outputs = Golden.map(golden.get("outputs"));
    assertThat(outputs).hasSizeGreaterThan(1);
    outputs.forEach(
        (input, output) -> {
          Tensor weight = Golden.tensor(Golden.map(GOLDEN.get("inputs")).get(input));
          Tensor expected = Golden.tensor(output);
          Tensor actual = constraint.apply(weight);
          Tensor exact = constraint.apply(weight.cast(DType.FLOAT64));
          assertThat(actual.shape()).isEqualTo(expected.shape());
          assertThat(actual.floats()).isEqualTo(exact.toFloatArray());
          for (int i = 0; i < expected.size(); i++) {
            double value = expected.get(i);
            assertThat(actual.get(i))
                .as("%s[%d]", input, i)
                .isCloseTo(value, within(1e-6 * Math.abs(value)));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void configurations_are_written_as_keras_writes_them(Map<String, Object> golden) {
    Constraint constraint = Constraints.get("test", golden.get("serialized"));
    Object written = constraint.serialize();
    assertThat(Golden.plain(written)).isEqualTo(Golden.plain(golden.get("serialized")));
    assertThat(Constraints.get("test", written)).isEqualTo(constraint);
  }

  @Test
  void every_name_that_keras_accepts_is_accepted() {
    for (String name : List.of("MaxNorm", "max_norm", "maxnorm")) {
      assertThat(Constraints.get("test", name)).isEqualTo(new MaxNorm(2, List.of(0)));
    }
    for (String name : List.of("MinMaxNorm", "min_max_norm")) {
      assertThat(Constraints.get("test", name)).isEqualTo(new MinMaxNorm(0, 1, 1, List.of(0)));
    }
    for (String name : List.of("NonNeg", "non_neg", "nonneg")) {
      assertThat(Constraints.get("test", name)).isEqualTo(new NonNeg());
    }
    for (String name : List.of("UnitNorm", "unit_norm", "unitnorm")) {
      assertThat(Constraints.get("test", name)).isEqualTo(new UnitNorm(List.of(0)));
    }
  }

  @Test
  void null_is_null_and_an_object_or_its_class_or_the_form_of_keras_2_is_accepted() {
    Constraint nonNeg = new NonNeg();
    assertThat(Constraints.get("test", null)).isNull();
    assertThat(Constraints.get("test", nonNeg)).isSameAs(nonNeg);
    assertThat(Constraints.get("test", UnitNorm.class)).isEqualTo(new UnitNorm());
    assertThat(
            Constraints.get(
                "test",
                Map.of(
                    "class_name",
                    "MaxNorm",
                    "config",
                    Map.of("max_value", 1.0, "axis", List.of(0, 1)))))
        .isEqualTo(new MaxNorm(1, List.of(0, 1)));
  }

  @Test
  void an_axis_that_the_weight_lacks_is_refused() {
    assertThatThrownBy(() -> new MaxNorm(1, List.of(0, 1)).apply(Tensor.zeros(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            MaxNorm: there is no such axis
              got:      axis=1 for shape (3,)
              expected: an axis from -1 to 0""");
  }

  @Test
  void nan_propagates() {
    Tensor weight = Tensor.of(new float[] {Float.NaN, -1, 1, 1}, 2, 2);
    for (Constraint constraint :
        List.of(new NonNeg(), new MaxNorm(), new UnitNorm(), new MinMaxNorm())) {
      assertThat(constraint.apply(weight).get(0)).as("%s", constraint).isNaN();
      assertThat(constraint.apply(weight).get(3)).as("%s", constraint).isNotNaN();
    }
  }

  @Test
  void the_weight_itself_is_left_alone() {
    Tensor weight = Tensor.of(new double[] {-3, 4}, 2);
    new UnitNorm().apply(weight);
    new NonNeg().apply(weight);
    assertThat(weight.doubles()).containsExactly(-3, 4);
  }

  @Test
  void an_unknown_name_is_refused_with_the_nearest_known_one() {
    assertThatThrownBy(() -> Constraints.get("Dense \"d\", kernel_constraint", "MaxNrom"))
        .hasMessage(
            """
            Dense "d", kernel_constraint: unknown constraint
              got:      "MaxNrom" (did you mean "MaxNorm"?)
              expected: one of MaxNorm, MinMaxNorm, NonNeg, UnitNorm""");
  }

  @Test
  void a_lambda_works_but_is_saved_only_once_registered() {
    Constraint same = weight -> weight;
    assertThat(Constraints.get("test", same)).isSameAs(same);
    assertThatThrownBy(same::serialize)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Constraints: a constraint without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Constraints.registerFunction("my_constraint", ...) before saving and loading""");
    Constraints.registerFunction("test_same", same);
    assertThat(Constraints.get("test", same.serialize())).isSameAs(same);
  }

  record TestScale(double factor) implements Constraint {
    @Override
    public Tensor apply(Tensor weight) {
      return weight;
    }

    @Override
    public Map<String, Object> getConfig() {
      return Map.of("factor", factor);
    }
  }

  @Test
  void a_registered_class_is_saved_and_loaded() {
    Constraints.register("TestScale", c -> new TestScale(c.number("factor", 1)));
    assertThat(Constraints.get("test", new TestScale(3).serialize())).isEqualTo(new TestScale(3));
  }
}
