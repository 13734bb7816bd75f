package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class ConvTransposeTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void a_transposed_convolution_has_a_kernel_and_a_bias() {
    Conv2DTranspose layer = new Conv2DTranspose(6, Dims.of(3, 5), o -> {});
    layer.build(Shape.of(-1, 9, 9, 4));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(conv2d_transpose/kernel, float32(3, 5, 6, 4))",
            "Weight(conv2d_transpose/bias, float32(6,))");
    assertThat(layer.countParams()).isEqualTo(3 * 5 * 6 * 4 + 6);
  }

  /** Rows of one pixel each, so that the sums can be followed by hand. */
  private static Tensor row(float[] kernel, float[] x, Consumer<Conv2DTranspose.Options> options) {
    Conv2DTranspose layer =
        new Conv2DTranspose(
            1,
            Dims.of(1, kernel.length),
            options.andThen(
                o -> o.useBias(false).weights(List.of(Tensor.of(kernel, 1, kernel.length, 1, 1)))));
    return layer.apply(Tensor.of(x, 1, 1, x.length, 1));
  }

  @Test
  void every_input_spreads_the_kernel() {
    float[] x = {1, 2, 3};
    Dims strides = Dims.of(1, 2);

    assertThat(row(new float[] {1, 10, 100}, x, o -> o.strides(strides)).floats())
        .containsExactly(1, 10, 102, 20, 203, 30, 300);
    assertThat(row(new float[] {1, 10, 100}, x, o -> o.strides(strides).padding("same")).floats())
        .containsExactly(1, 10, 102, 20, 203, 30);
    assertThat(
            row(new float[] {1, 10, 100, 1000}, x, o -> o.strides(strides).padding("same"))
                .floats())
        .containsExactly(10, 102, 1020, 203, 2030, 300);
  }

  @Test
  void what_no_input_reaches_is_the_bias() {
    Conv2DTranspose layer =
        new Conv2DTranspose(2, 1, o -> o.strides(2).kernelInitializer("ones").activation("relu"));
    layer.build(Shape.of(1, 1, 1, 1));
    layer.setWeights(List.of(layer.getWeights().get(0), Tensor.of(new float[] {0.5f, -2}, 2)));

    assertThat(layer.apply(Tensor.of(new float[] {1}, 1, 1, 1, 1)).floats())
        .containsExactly(1.5f, 0, 0.5f, 0, 0.5f, 0, 0.5f, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "valid, 3, 2, 1, , 11",
    "valid, 2, 3, 1, , 15",
    "valid, 3, 1, 2, , 9",
    "valid, 3, 2, 1, 1, 12",
    "same, 3, 2, 1, , 10",
    "same, 3, 2, 1, 0, 9",
    "same, 3, 2, 1, 1, 10",
    "same, 4, 2, 1, 1, 9"
  })
  void sizes_follow_from_padding_strides_dilation_and_output_padding(
      String padding, int size, int strides, int dilation, Integer outputPadding, int expected) {
    Map<String, Object> config =
        new java.util.HashMap<>(
            Map.of(
                "filters", 7,
                "kernel_size", size,
                "strides", strides,
                "dilation_rate", dilation,
                "padding", padding));
    config.put("output_padding", outputPadding);
    Layer layer = Layers.fromConfig("test", "Conv2DTranspose", config);

    assertThat(layer.computeOutputShape(Shape.of(-1, 5, -1, 3)))
        .isEqualTo(Shape.of(-1, expected, -1, 7));
  }

  @Test
  void the_output_must_not_be_empty() {
    Conv2DTranspose layer =
        new Conv2DTranspose(1, 2, o -> o.name("up").strides(2).padding("same").outputPadding(0));

    assertThatThrownBy(() -> layer.computeOutputShape(Shape.of(1, 1, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Conv2DTranspose "up": the output would be empty
              got:      input (1, 1, 4, 2), channels_last, outputPadding=(0, 0)
              expected: an outputPadding of 1 or more, or null, on spatial axis 0""");
  }

  @Test
  void an_empty_batch_gives_an_empty_batch() {
    assertThat(new Conv2DTranspose(3, 2).apply(Tensor.zeros(0, 4, 4, 2)).shape())
        .isEqualTo(Shape.of(0, 5, 5, 3));
  }

  @Test
  void another_rank_is_refused() {
    Conv2DTranspose layer = new Conv2DTranspose(1, 2, o -> o.name("up"));

    assertThatThrownBy(() -> layer.apply(Tensor.zeros(4, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Conv2DTranspose "up": wrong rank of the input
              got:      3   (input (4, 4, 2))
              expected: 4   (batch, height, width, channels)""");
    assertThatThrownBy(() -> new Conv2DTranspose(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Conv2DTranspose: filters must be a positive integer");
    assertThatThrownBy(() -> new Conv2DTranspose(1, Dims.of(2), o -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Conv2DTranspose: kernelSize must be a positive integer or 2 positive integers");
  }

  @Test
  void old_names_stand_for_it() {
    for (String name : List.of("Convolution2DTranspose", "Deconvolution2D", "Deconv2D")) {
      Layer layer = Layers.fromConfig("test", name, Map.of("filters", 2, "kernel_size", 3));
      assertThat(layer).isInstanceOf(Conv2DTranspose.class);
    }
  }
}
