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
import sepal.testing.Gradients;

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
  void volumes_spread_the_kernel_too() {
    for (String dtype : List.of("float32", "float64")) {
      Conv3DTranspose layer =
          new Conv3DTranspose(
              1,
              Dims.of(3, 1, 1),
              o ->
                  o.strides(2, 1, 1)
                      .dtype(dtype)
                      .useBias(false)
                      .weights(List.of(Tensor.of(new float[] {1, 10, 100}, 3, 1, 1, 1, 1))));
      assertThat(layer.apply(Tensor.of(new float[] {1, 2, 3}, 1, 3, 1, 1, 1)).toFloatArray())
          .containsExactly(1, 10, 102, 20, 203, 30, 300);
    }
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
    assertThat(
            Layers.fromConfig("test", "Conv1DTranspose", config)
                .computeOutputShape(Shape.of(-1, 5, 3)))
        .isEqualTo(Shape.of(-1, expected, 7));
  }

  @Test
  void one_spatial_axis_gives_what_images_with_a_height_of_one_give() {
    for (String format : List.of("channels_last", "channels_first")) {
      for (String dtype : List.of("float32", "float64")) {
        boolean last = format.equals("channels_last");
        Consumer<ConvTransposeOptions<?>> shared =
            o ->
                o.dataFormat(format)
                    .dtype(dtype)
                    .biasInitializer("ones")
                    .padding("same")
                    .activation("relu");
        Conv1DTranspose line =
            new Conv1DTranspose(3, 4, o -> shared.accept(o.strides(3).outputPadding(2)));
        Conv2DTranspose image =
            new Conv2DTranspose(
                3, Dims.of(1, 4), o -> shared.accept(o.strides(1, 3).outputPadding(Dims.of(0, 2))));
        Tensor x = Gradients.random(last ? Shape.of(2, 5, 4) : Shape.of(2, 4, 5), 3, -1, 1);
        Shape planar = last ? Shape.of(2, 1, 5, 4) : Shape.of(2, 4, 1, 5);
        line.build(x.shape());
        image.build(planar);
        Tensor kernel = line.getWeights().get(0).reshape(Shape.of(1, 4, 3, 4));
        image.setWeights(List.of(kernel, line.getWeights().get(1)));

        Tensor y = line.apply(x);

        assertThat(y.shape()).isEqualTo(last ? Shape.of(2, 14, 3) : Shape.of(2, 3, 14));
        assertThat(y.toDoubleArray())
            .containsExactly(image.apply(x.reshape(planar)).toDoubleArray());
      }
    }
  }

  @Test
  void output_padding_of_one_axis_is_below_the_stride() {
    assertThatThrownBy(() -> new Conv1DTranspose(1, 2, o -> o.strides(2).outputPadding(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Conv1DTranspose: outputPadding must not be negative, and must be below the strides
              got:      outputPadding=(2,), strides=(2,)
              expected: null, or 1 value from 0 to strides - 1""");
    assertThatThrownBy(() -> new Conv1DTranspose(1, 2, o -> o.padding("causal")))
        .hasMessageStartingWith("Conv1DTranspose: unknown padding");
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
    for (String name : List.of("Convolution3DTranspose", "Deconvolution3D", "Deconv3D")) {
      Layer layer = Layers.fromConfig("test", name, Map.of("filters", 2, "kernel_size", 3));
      assertThat(layer).isInstanceOf(Conv3DTranspose.class);
    }
    for (String name : List.of("Convolution2DTranspose", "Deconvolution2D", "Deconv2D")) {
      Layer layer = Layers.fromConfig("test", name, Map.of("filters", 2, "kernel_size", 3));
      assertThat(layer).isInstanceOf(Conv2DTranspose.class);
    }
    Map<String, Object> config = Map.of("filters", 2, "kernel_size", 3);
    assertThat(Layers.fromConfig("test", "Convolution1DTranspose", config))
        .isInstanceOf(Conv1DTranspose.class);
  }
}
