package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

class GroupNormalizationTest {

  @Test
  void each_group_of_each_sample_gets_mean_0_and_variance_1() {
    Tensor x = Tensor.of(new float[] {1, 3, 10, 30, 5, 5, 2, 4}, 2, 4);
    GroupNormalization layer = new GroupNormalization(2, o -> o.epsilon(0.0));

    assertThat(layer.apply(x.rows(0, 1)).floats()).containsExactly(-1, 1, -1, 1);
    assertThat(new GroupNormalization(2).apply(x).floats())
        .containsExactly(new float[] {-1, 1, -1, 1, 0, 0, -1, 1}, within(1e-3f));
  }

  @Test
  void every_axis_of_channels_gives_the_same_numbers() {
    Tensor last = Gradients.random(Shape.of(2, 3, 5, 6), 1, -1, 1);
    Tensor gamma = Gradients.random(Shape.of(6), 2, -1, 1);
    Tensor beta = Gradients.random(Shape.of(6), 3, -1, 1);
    double[] expected = apply(3, last, gamma, beta).doubles();

    Tensor first = new Permute(sepal.shape.Dims.of(3, 1, 2), o -> o.dtype("float64")).apply(last);
    Tensor y = apply(1, first, gamma, beta);
    Tensor back = new Permute(sepal.shape.Dims.of(2, 3, 1), o -> o.dtype("float64")).apply(y);

    assertThat(back.doubles()).containsExactly(expected, within(1e-14));
    assertThat(apply(-1, last, gamma, beta).doubles()).containsExactly(expected);
    assertThat(apply(-3, first, gamma, beta).doubles()).containsExactly(y.doubles());
  }

  private static Tensor apply(int axis, Tensor x, Tensor gamma, Tensor beta) {
    Layer layer = new GroupNormalization(3, o -> o.axis(axis).dtype("float64"));
    layer.build(x.shape());
    layer.setWeights(List.of(gamma, beta));
    return layer.apply(x);
  }

  @Test
  void one_group_is_a_layer_normalization_of_the_sample() {
    Tensor x = Gradients.random(Shape.of(2, 4, 6), 1, -1, 1);
    Layer all = new LayerNormalization(o -> o.axis(1, 2).dtype("float64"));

    assertThat(new GroupNormalization(1, o -> o.dtype("float64")).apply(x).doubles())
        .containsExactly(all.apply(x).doubles(), within(1e-14));
  }

  @Test
  void as_many_groups_as_channels_look_at_each_channel_alone() {
    Tensor x = Tensor.of(new float[] {1, 100, 3, 300}, 1, 2, 2);
    GroupNormalization layer = new GroupNormalization(-1, o -> o.epsilon(0));
    assertThat(layer.getConfig()).containsEntry("groups", -1);

    assertThat(layer.apply(x).floats()).containsExactly(-1, -1, 1, 1);
    assertThat(layer.getConfig()).containsEntry("groups", 2); // as Keras writes it
  }

  @Test
  void gradients_are_finite_differences() {
    Layer layer = new GroupNormalization(2, o -> o.dtype("float64").axis(1).scale(false));
    layer.build(Shape.of(2, 4, 3));
    Tensor x = Gradients.random(Shape.of(2, 4, 3), 5, -1, 1);
    Gradients.check(t -> layer.apply(t), x, 5, 10);
    assertThat(layer.weights()).extracting(Weight::name).containsExactly("beta");
  }

  @Test
  void the_weights_have_a_number_for_each_channel() {
    GroupNormalization layer = new GroupNormalization(o -> o.groups(2).name("gn").axis(1));
    layer.build(Shape.of(-1, 4, -1));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly("Weight(gn/gamma, float32(4,))", "Weight(gn/beta, float32(4,))");
    assertThat(layer.supportsMasking()).isTrue();
    assertThat(layer.apply(Tensor.zeros(DType.FLOAT32, Shape.of(0, 4, 7))).shape())
        .isEqualTo(Shape.of(0, 4, 7));
  }

  @Test
  void groups_that_do_not_divide_the_channels_are_refused() {
    GroupNormalization layer = new GroupNormalization(o -> o.name("gn"));
    assertThatThrownBy(() -> layer.build(Shape.of(-1, 8, 8, 6)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            GroupNormalization "gn": the channels do not split evenly into groups
              got:      6 channels, groups=32   (input (null, 8, 8, 6))
              expected: a number of groups that divides the channels""");
    for (int groups : new int[] {0, -2}) {
      assertThatThrownBy(() -> new GroupNormalization(groups, o -> o.name("gn")))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              GroupNormalization "gn": groups must be positive, or -1
                got:      groups=%d
                expected: 1 or more, or -1 for as many groups as channels"""
                  .formatted(groups));
    }
  }

  @Test
  void the_axis_must_be_one_of_the_sample() {
    for (int axis : new int[] {0, 3, -3}) {
      Layer layer = new GroupNormalization(1, o -> o.name("gn").axis(axis));
      assertThatThrownBy(() -> layer.computeOutputShape(Shape.of(2, 3, 4)))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              GroupNormalization "gn": a sample of the input has no such axis
                got:      axis=%d   (input (2, 3, 4))
                expected: the axis of the channels; axis 0 is the batch"""
                  .formatted(axis));
    }
    assertThatThrownBy(
            () -> Layers.fromConfig("test", "GroupNormalization", Map.of("axis", List.of(1, 2))))
        .hasMessageContaining("wrong value of axis");
  }

  @Test
  void rank_and_channels_stay_what_they_were_built_on() {
    Layer layer = new GroupNormalization(2, o -> o.name("gn"));
    assertThatThrownBy(() -> layer.build(Shape.of(2, 3, -1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            GroupNormalization "gn": the number of input channels must be known
              got:      (2, 3, null)
              expected: a size on axis 2""");

    layer.build(Shape.of(-1, 3, 4));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3, 6)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            GroupNormalization "gn": wrong number of input channels
              got:      6   (input (2, 3, 6))
              expected: 4   (built on (null, 3, 4))
              fix:      feed 4 channels, or build a new layer for 6""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3, 4, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            GroupNormalization "gn": wrong rank of the input
              got:      4   (input (2, 3, 4, 4))
              expected: 3   (built on (null, 3, 4))""");
  }
}
