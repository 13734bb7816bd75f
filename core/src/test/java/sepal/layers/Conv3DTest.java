package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.models.Sequential;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class Conv3DTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void a_convolution_of_volumes_has_a_kernel_and_a_bias() {
    Conv3D layer = new Conv3D(6, Dims.of(1, 3, 5), o -> o.groups(2));
    layer.build(Shape.of(-1, 9, 9, 9, 4));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(conv3d/kernel, float32(1, 3, 5, 2, 6))", "Weight(conv3d/bias, float32(6,))");
    assertThat(layer.computeOutputShape(Shape.of(-1, 9, -1, 9, 4)))
        .isEqualTo(Shape.of(-1, 9, -1, 5, 6));
    assertThat(Layers.fromConfig("test", "Convolution3D", Map.of("filters", 2, "kernel_size", 3)))
        .isInstanceOf(Conv3D.class);
  }

  private static Tensor random(long seed, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    return Tensor.of(random.doubles(Shape.of(shape).size(), -1, 1).toArray(), shape);
  }

  /** float64 has plain loops of its own. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 1, 1, valid, channels_last",
    "2, 3, 1, 1, same, channels_last",
    "3, 2, 2, 1, same, channels_first",
    "4, 3, 1, 2, valid, channels_first",
    "5, 1, 1, 1, valid, channels_last",
    "6, 1, 2, 1, same, channels_first",
    "7, 4, 3, 1, valid, channels_last",
    "8, 2, 1, 3, same, channels_last"
  })
  void float32_gives_what_float64_gives(
      long seed, int size, int strides, int dilation, String padding, String dataFormat) {
    boolean first = dataFormat.equals("channels_first");
    Tensor x = first ? random(seed, 2, 36, 7, 6, 8) : random(seed, 2, 7, 6, 8, 36);
    Map<String, Object> config =
        Map.of(
            "filters", 20,
            "kernel_size", size,
            "strides", strides,
            "dilation_rate", dilation,
            "groups", 2,
            "padding", padding,
            "data_format", dataFormat);
    Map<String, Object> exact = new java.util.HashMap<>(config);
    exact.put("dtype", "float64");
    Layer single = Layers.fromConfig("test", "Conv3D", new java.util.HashMap<>(config));
    Layer twice = Layers.fromConfig("test", "Conv3D", exact);
    twice.build(x.shape());
    single.build(x.shape());
    single.setWeights(twice.getWeights());

    assertThat(single.apply(x).toDoubleArray())
        .containsExactly(twice.apply(x).doubles(), within(2e-5));
  }

  @Test
  void a_model_plans_around_it() {
    Sequential model =
        new Sequential(
            new Conv3D(4, 3, o -> o.padding("same").activation("relu").inputShape(5, 6, 7, 2)),
            new BatchNormalization(),
            new Conv3D(3, 2, o -> o.strides(2).activation("softmax")));
    Tensor x = random(9, 3, 5, 6, 7, 2);

    assertThat(model.predict(x).floats()).containsExactly(model.apply(x).floats(), within(1e-6f));
  }

  @Test
  void convolution_op_takes_any_kernel() {
    Conv3D layer = new Conv3D(4, 3, o -> o.name("c"));
    Tensor ones = Tensor.full(sepal.tensor.DType.FLOAT32, Shape.of(1, 2, 2, 2, 1), 1);
    Tensor kernel = Tensor.full(sepal.tensor.DType.FLOAT32, Shape.of(2, 2, 2, 1, 1), 1);

    assertThat(layer.convolutionOp(ones, kernel).floats()).containsExactly(8);
    assertThatThrownBy(() -> layer.convolutionOp(ones, Tensor.zeros(2, 2, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "expected: kernel (depth, height, width, channels / groups, filters)");
  }

  @Test
  void mistakes_are_named() {
    assertThatThrownBy(() -> new Conv3D(1, Dims.of(2, 2), o -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Conv3D: kernelSize must be a positive integer or 3 positive integers
              got:      kernelSize=(2, 2)
              expected: 3 values of 1 or more, for example (3, 3, 3)""");
    assertThatThrownBy(() -> new Conv3D(1, 2, o -> o.name("c")).apply(Tensor.zeros(1, 4, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Conv3D "c": wrong rank of the input
              got:      4   (input (1, 4, 4, 2))
              expected: 5   (batch, depth, height, width, channels)""");
    assertThatThrownBy(() -> new Conv3D(1, 3, o -> o.name("c")).apply(Tensor.zeros(1, 2, 4, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Conv3D \"c\": the input is smaller than the window");
    assertThat(new Conv3D(1, 2).apply(Tensor.zeros(0, 4, 4, 4, 2)).shape())
        .isEqualTo(Shape.of(0, 3, 3, 3, 1));
    assertThat(List.of(new Conv3D(1, 2).config().strides())).containsExactly(Dims.fill(3, 1));
  }
}
