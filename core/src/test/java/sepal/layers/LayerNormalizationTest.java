package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class LayerNormalizationTest {

  @Test
  void the_weights_have_the_sizes_of_the_axes() {
    LayerNormalization layer = new LayerNormalization(o -> o.name("ln").axis(1, -1));
    layer.build(Shape.of(-1, 3, -1, 5));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly("Weight(ln/gamma, float32(3, 5))", "Weight(ln/beta, float32(3, 5))");
    assertThat(layer.supportsMasking()).isTrue();
  }

  @Test
  void each_sample_gets_mean_0_and_variance_1() {
    LayerNormalization layer = new LayerNormalization(o -> o.epsilon(0));
    Tensor y = layer.apply(Tensor.of(new float[] {1, 3, 10, 30}, 2, 2));

    assertThat(y.floats()).containsExactly(-1, 1, -1, 1);
  }

  @Test
  void rms_scaling_leaves_the_mean_in_and_has_a_gamma_only() {
    LayerNormalization layer =
        new LayerNormalization(o -> o.epsilon(0).rmsScaling(true).scale(false));
    Tensor y = layer.apply(Tensor.of(new float[] {1, 3}, 1, 2));

    assertThat(y.floats()).containsExactly(1, 3); // the variance is 1
    assertThat(layer.weights()).extracting(Weight::name).containsExactly("gamma");
  }

  @Test
  void axes_count_from_the_front_once_the_layer_is_built() {
    LayerNormalization layer = new LayerNormalization();
    assertThat(layer.getConfig()).containsEntry("axis", -1);

    layer.build(Shape.of(-1, 4, 5));
    assertThat(layer.getConfig()).containsEntry("axis", List.of(2));
  }

  @Test
  void equal_values_stay_finite() {
    Tensor y = new LayerNormalization().apply(Tensor.of(new float[] {7, 7, 7}, 1, 3));

    assertThat(y.floats()).containsExactly(new float[] {0, 0, 0}, within(0f));
  }

  @Test
  void axes_that_the_input_has_not_are_refused() {
    LayerNormalization layer = new LayerNormalization(o -> o.name("ln").axis(3));
    assertThatThrownBy(() -> layer.computeOutputShape(Shape.of(2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            LayerNormalization "ln": there is no such axis
              got:      axis=3 for shape (2, 3)
              expected: an axis from -2 to 1""");
    assertThatThrownBy(() -> new LayerNormalization(o -> o.name("ln").axis()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            LayerNormalization "ln": there is no axis
              got:      axis=[]
              expected: an integer, or one or more integers""");
    assertThatThrownBy(
            () -> Layers.fromConfig("test", "LayerNormalization", Map.of("axis", "last")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wrong value of axis");
  }

  @Test
  void sizes_along_the_axes_must_be_known_and_stay() {
    LayerNormalization layer = new LayerNormalization(o -> o.name("ln").axis(1, 2));
    assertThatThrownBy(() -> layer.build(Shape.of(-1, 3, -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            LayerNormalization "ln": the sizes of the axes to normalize along must be known
              got:      input (null, 3, null), axis=[1, 2]
              expected: a size on each of these axes""");

    layer.build(Shape.of(-1, 3, 4));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            LayerNormalization "ln": the input has other sizes along the axes to normalize
              got:      input (2, 3, 5)
              expected: as (null, 3, 4) along axis [1, 2]""");
  }
}
