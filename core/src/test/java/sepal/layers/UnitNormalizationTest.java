package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class UnitNormalizationTest {

  @Test
  void vectors_along_the_axes_have_length_1() {
    Tensor x = Tensor.of(new float[] {3, 4, 0, 5, 12, 0, 0, 0}, 2, 2, 2);

    assertThat(new UnitNormalization().apply(x).floats())
        .containsExactly(0.6f, 0.8f, 0, 1, 1, 0, 0, 0);
    assertThat(new UnitNormalization(o -> o.axis(1)).apply(x).floats())
        .containsExactly(
            new float[] {1, 4 / 6.4031243f, 0, 5 / 6.4031243f, 1, 0, 0, 0}, within(1e-7f));
    float[] both = new UnitNormalization(o -> o.axis(1, 2)).apply(x).floats();
    assertThat(Arrays.copyOf(both, 4))
        .containsExactly(
            new float[] {3 / 7.0710678f, 4 / 7.0710678f, 0, 5 / 7.0710678f}, within(1e-7f));
  }

  @Test
  void short_vectors_are_divided_by_a_millionth_as_in_keras() {
    Tensor x = Tensor.of(new double[] {3e-7, 4e-7}, 1, 2);
    assertThat(new UnitNormalization(o -> o.dtype("float64")).apply(x).doubles())
        .containsExactly(new double[] {0.3, 0.4}, within(1e-15));
  }

  @Test
  void the_axis_is_written_as_it_was_given() {
    assertThat(new UnitNormalization().getConfig()).containsEntry("axis", -1);
    assertThat(new UnitNormalization(o -> o.axis(1, -1)).getConfig())
        .containsEntry("axis", List.of(1, -1));
    assertThat(new UnitNormalization().supportsMasking()).isTrue();
  }

  @Test
  void axes_that_the_input_has_not_are_refused() {
    Layer layer = new UnitNormalization(o -> o.name("u").axis(2));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            UnitNormalization "u": there is no such axis
              got:      axis=2 for shape (2, 3)
              expected: an axis from -2 to 1""");
    assertThat(layer.computeOutputShape(Shape.of(-1, -1, 3))).isEqualTo(Shape.of(-1, -1, 3));
    assertThatThrownBy(() -> new UnitNormalization(o -> o.name("u").axis()))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            UnitNormalization "u": there is no axis
              got:      axis=[]
              expected: an integer, or one or more integers""");
    for (@Nullable Object axis : Arrays.asList("last", null)) {
      Map<String, @Nullable Object> config = new HashMap<>();
      config.put("name", "u");
      config.put("axis", axis);
      assertThatThrownBy(() -> Layers.fromConfig("test", "UnitNormalization", config))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              test, UnitNormalization "u": wrong value of axis
                got:      axis=%s
                expected: an integer, or a list of integers"""
                  .formatted(axis == null ? "null" : "\"last\""));
    }
  }
}
