package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class Conv2DTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void a_convolution_has_a_kernel_and_a_bias() {
    Conv2D layer = new Conv2D(6, Dims.of(3, 5), o -> o.groups(2).name("stem"));
    layer.build(Shape.of(-1, 9, 9, 4));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(stem/kernel, float32(3, 5, 2, 6))", "Weight(stem/bias, float32(6,))");
    assertThat(layer.trainableWeights()).hasSize(2);
    assertThat(layer.countParams()).isEqualTo(3 * 5 * 2 * 6 + 6);
  }

  @Test
  void a_depthwise_convolution_has_a_kernel_and_a_bias() {
    DepthwiseConv2D layer = new DepthwiseConv2D(3, o -> o.depthMultiplier(2));
    layer.build(Shape.of(-1, 9, 9, 4));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(depthwise_conv2d/kernel, float32(3, 3, 4, 2))",
            "Weight(depthwise_conv2d/bias, float32(8,))");
  }

  @Test
  void each_group_sees_its_own_channels_only() {
    for (String dtype : List.of("float32", "float64")) {
      Conv2D layer =
          new Conv2D(4, 1, o -> o.groups(2).kernelInitializer("ones").useBias(false).dtype(dtype));
      Tensor y = layer.apply(Tensor.of(new float[] {1, 2, 30, 40}, 1, 1, 1, 4));
      assertThat(y.toFloatArray()).containsExactly(3, 3, 70, 70);
    }
  }

  @Test
  void float64_computes_in_double() {
    Tensor x = Tensor.of(new double[] {1, 1e-12}, 1, 1, 2, 1);
    Conv2D conv =
        new Conv2D(1, Dims.of(1, 2), o -> o.dtype(DType.FLOAT64).kernelInitializer("ones"));
    DepthwiseConv2D depthwise =
        new DepthwiseConv2D(
            Dims.of(1, 2), o -> o.dtype(DType.FLOAT64).depthwiseInitializer("ones"));

    assertThat(conv.apply(x).doubles()).containsExactly(1 + 1e-12);
    assertThat(depthwise.apply(x).doubles()).containsExactly(1 + 1e-12);
  }

  @Test
  void unknown_sizes_stay_unknown() {
    Conv2D conv = new Conv2D(4, 3, o -> o.strides(2).padding("same").dataFormat("channels_first"));
    DepthwiseConv2D depthwise = new DepthwiseConv2D(3, o -> o.depthMultiplier(3));

    assertThat(conv.computeOutputShape(Shape.of(-1, 3, -1, 9))).isEqualTo(Shape.of(-1, 4, -1, 5));
    assertThat(depthwise.computeOutputShape(Shape.of(-1, 9, -1, 2)))
        .isEqualTo(Shape.of(-1, 7, -1, 6));
  }

  @Test
  void filters_that_groups_do_not_divide_are_refused() {
    assertThatThrownBy(() -> new Conv2D(5, 3, o -> o.groups(2).name("g")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Conv2D "g": filters cannot be split evenly among the groups
              got:      filters=5, groups=2
              expected: filters divisible by groups""");
  }

  @Test
  void channels_that_groups_do_not_divide_are_refused() {
    Conv2D layer = new Conv2D(4, 3, o -> o.groups(2).name("g"));

    assertThatThrownBy(() -> layer.build(Shape.of(1, 8, 8, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Conv2D "g": input channels cannot be split evenly among the groups
              got:      3 channels, groups=2
              expected: channels divisible by groups""");
    assertThat(layer.isBuilt()).isFalse();
  }

  @Test
  void strides_with_dilation_are_refused_even_from_a_configuration() {
    String message =
        """
        Conv2D: strides > 1 together with dilationRate > 1
          got:      strides=(2, 2), dilationRate=(1, 2)
          expected: one of them 1 on all axes
          fix:      set one of them to 1""";

    assertThatThrownBy(() -> new Conv2D(4, 3, o -> o.strides(2).dilationRate(1, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(message);
    Map<String, Object> config =
        Map.of("filters", 4, "kernel_size", 3, "strides", 2, "dilation_rate", List.of(1, 2));
    assertThatThrownBy(() -> Layers.fromConfig("file", "Conv2D", config))
        .hasMessage("file, " + message);
  }

  @Test
  void a_depthwise_convolution_computes_strides_with_dilation_when_asked_to() {
    assertThatThrownBy(() -> new DepthwiseConv2D(3, o -> o.strides(2).dilationRate(2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            DepthwiseConv2D: strides > 1 together with dilationRate > 1
              got:      strides=(2, 2), dilationRate=(2, 2)
              expected: one of them 1 on all axes
              fix:      set one of them to 1, or call allowStridedDilation() to compute it as Keras \
            3.15 does""");
    DepthwiseConv2D layer =
        new DepthwiseConv2D(3, o -> o.strides(2).dilationRate(2).allowStridedDilation());
    assertThat(layer.apply(Tensor.zeros(1, 9, 9, 2)).shape()).isEqualTo(Shape.of(1, 3, 3, 2));
  }

  @Test
  void arguments_out_of_range_are_refused() {
    assertThatThrownBy(() -> new Conv2D(0, 3)).hasMessageContaining("filters must be a positive");
    assertThatThrownBy(() -> new Conv2D(4, 0))
        .hasMessageContaining("kernelSize must be a positive");
    assertThatThrownBy(() -> new Conv2D(4, 3, o -> o.groups(0)))
        .hasMessage(
            """
            Conv2D: groups must be a positive integer
              got:      groups=0
              expected: 1 or more""");
    assertThatThrownBy(() -> new DepthwiseConv2D(3, o -> o.depthMultiplier(0)))
        .hasMessageContaining("depthMultiplier must be a positive integer");
    assertThatThrownBy(() -> new DepthwiseConv2D(Dims.of(3), o -> {}))
        .hasMessageContaining("kernelSize must be a positive integer or 2 positive integers");
    assertThatThrownBy(() -> Layers.fromConfig("file", "Conv2D", Map.of("kernel_size", 3)))
        .hasMessage(
            """
            file, Conv2D: missing argument
              got:      no filters""");
  }

  @Test
  void inputs_that_do_not_fit_are_refused() {
    Conv2D layer = new Conv2D(4, 3, o -> o.name("c"));

    assertThatThrownBy(() -> layer.apply(Tensor.zeros(8, 8, 3)))
        .hasMessage(
            """
            Conv2D "c": wrong rank of the input
              got:      3   (input (8, 8, 3))
              expected: 4   (batch, height, width, channels)""");
    assertThatThrownBy(() -> layer.build(Shape.of(1, 8, 8, -1)))
        .hasMessage(
            """
            Conv2D "c": the number of input channels must be known
              got:      (1, 8, 8, null)
              expected: a size on axis 3""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 8, 3)))
        .hasMessage(
            """
            Conv2D "c": the input is smaller than the window, so the output would be empty
              got:      input (1, 2, 8, 3), channels_last
              expected: spatial sizes of at least (3, 3)   (window (3, 3), dilation (1, 1))
              fix:      feed a larger input, or use padding "same\"""");
    layer.apply(Tensor.zeros(1, 8, 8, 3));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 8, 8, 4)))
        .hasMessage(
            """
            Conv2D "c": wrong number of input channels
              got:      4   (input (1, 8, 8, 4))
              expected: 3   (built on (null, 8, 8, 3))
              fix:      feed 3 channels, or build a new layer for 4""");
  }
}
