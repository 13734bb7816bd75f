package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class PoolingTest {
  private static final Tensor X =
      Tensor.of(new float[] {-1, -2, -3, -4, -5, -6, -7, -8, -9}, 1, 3, 3, 1);

  @Test
  void padding_never_wins_and_does_not_count() {
    for (String dtype : List.of("float32", "float64")) {
      MaxPooling2D max = new MaxPooling2D(2, o -> o.padding("same").dtype(dtype));
      AveragePooling2D average = new AveragePooling2D(2, o -> o.padding("same").dtype(dtype));

      assertThat(max.apply(X).dtype()).hasToString(dtype);
      assertThat(max.apply(X).toFloatArray()).containsExactly(-1, -3, -7, -9);
      assertThat(average.apply(X).dtype()).hasToString(dtype);
      assertThat(average.apply(X).toFloatArray()).containsExactly(-3, -4.5f, -7.5f, -9);
    }
  }

  @Test
  void float64_computes_in_double() {
    Tensor x = Tensor.of(new double[] {1, 1e-12, 1, 1}, 1, 2, 2, 1);

    assertThat(new AveragePooling2D(2, o -> o.dtype("float64")).apply(x).doubles()[0])
        .isEqualTo((3 + 1e-12) / 4);
    assertThat(new GlobalAveragePooling2D(o -> o.dtype("float64")).apply(x).doubles()[0])
        .isEqualTo((3 + 1e-12) / 4);
    assertThat(
            new GlobalMaxPooling2D(o -> o.dtype("float64"))
                .apply(Tensor.of(new double[] {1, 1 + 1e-12}, 1, 2, 1, 1))
                .doubles())
        .containsExactly(1 + 1e-12);
  }

  @Test
  void strides_are_the_size_of_the_window_unless_given() {
    assertThat(new MaxPooling2D().config().strides()).isEqualTo(Dims.of(2, 2));
    assertThat(new MaxPooling2D(Dims.of(2, 3), o -> {}).config().strides())
        .isEqualTo(Dims.of(2, 3));
    assertThat(new AveragePooling2D(3, o -> o.strides(1, 2)).config().strides())
        .isEqualTo(Dims.of(1, 2));
    assertThat(new AveragePooling2D().computeOutputShape(Shape.of(-1, -1, 7, 5)))
        .isEqualTo(Shape.of(-1, -1, 3, 5));
  }

  @Test
  void other_names_of_keras_stand_for_the_same_layers() {
    Map<String, Class<?>> names =
        Map.of(
            "MaxPool1D", MaxPooling1D.class,
            "AvgPool1D", AveragePooling1D.class,
            "GlobalMaxPool1D", GlobalMaxPooling1D.class,
            "GlobalAvgPool1D", GlobalAveragePooling1D.class,
            "MaxPool2D", MaxPooling2D.class,
            "AvgPool2D", AveragePooling2D.class,
            "GlobalMaxPool2D", GlobalMaxPooling2D.class,
            "GlobalAvgPool2D", GlobalAveragePooling2D.class);
    names.forEach(
        (name, type) -> assertThat(Layers.fromConfig("file", name, Map.of())).isInstanceOf(type));
  }

  @Test
  void global_pooling_leaves_one_value_for_each_channel() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 9}, 1, 2, 2, 2);

    assertThat(new GlobalMaxPooling2D().apply(x).floats()).containsExactly(7, 9);
    assertThat(new GlobalAveragePooling2D().apply(x).floats()).containsExactly(4, 5.25f);
    Tensor first =
        new GlobalAveragePooling2D(o -> o.dataFormat("channels_first").keepdims(true)).apply(x);
    assertThat(first.shape()).isEqualTo(Shape.of(1, 2, 1, 1));
    assertThat(first.floats()).containsExactly(2.5f, 6.75f);
  }

  @Test
  void global_pooling_takes_inputs_of_unknown_size() {
    GlobalAveragePooling2D last = new GlobalAveragePooling2D(o -> o.keepdims(true));
    GlobalMaxPooling2D first = new GlobalMaxPooling2D(o -> o.dataFormat("channels_first"));

    assertThat(last.computeOutputShape(Shape.of(-1, -1, -1, 5))).isEqualTo(Shape.of(-1, 1, 1, 5));
    assertThat(first.computeOutputShape(Shape.of(-1, 5, -1, -1))).isEqualTo(Shape.of(-1, 5));
  }

  @Test
  void layers_of_one_spatial_axis_pool_along_the_steps() {
    for (String dtype : List.of("float32", "float64")) {
      Tensor last = Tensor.of(new float[] {-1, 10, -2, 20, -3, 0}, 1, 3, 2);
      Tensor first = Tensor.of(new float[] {-1, -2, -3, 10, 20, 0}, 1, 2, 3);

      assertThat(
              new MaxPooling1D(2, o -> o.strides(1).padding("same").dtype(dtype))
                  .apply(last)
                  .toFloatArray())
          .containsExactly(-1, 20, -2, 20, -3, 0);
      assertThat(
              new AveragePooling1D(
                      2, o -> o.padding("same").dtype(dtype).dataFormat("channels_first"))
                  .apply(first)
                  .toFloatArray())
          .containsExactly(-1.5f, -3, 15, 0);
      assertThat(new GlobalMaxPooling1D(o -> o.dtype(dtype)).apply(last).toFloatArray())
          .containsExactly(-1, 20);
      Tensor kept =
          new GlobalAveragePooling1D(
                  o -> o.dtype(dtype).keepdims(true).dataFormat("channels_first"))
              .apply(first);
      assertThat(kept.shape()).isEqualTo(Shape.of(1, 2, 1));
      assertThat(kept.toFloatArray()).containsExactly(-2, 10);
    }
    assertThat(new MaxPooling1D().computeOutputShape(Shape.of(-1, 7, 3)))
        .isEqualTo(Shape.of(-1, 3, 3));
    assertThat(new AveragePooling1D().config().strides()).isEqualTo(Dims.of(2));
    assertThat(new GlobalMaxPooling1D().computeOutputShape(Shape.of(-1, -1, 3)))
        .isEqualTo(Shape.of(-1, 3));
  }

  @Test
  void layers_of_one_spatial_axis_refuse_images() {
    assertThatThrownBy(() -> new MaxPooling1D(2, o -> o.name("p")).apply(X))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            MaxPooling1D "p": wrong rank of the input
              got:      4   (input (1, 3, 3, 1))
              expected: 3   (batch, steps, channels)""");
    assertThatThrownBy(() -> new GlobalMaxPooling1D(o -> o.name("g")).apply(X))
        .hasMessageStartingWith("GlobalMaxPooling1D \"g\": wrong rank of the input");
    assertThatThrownBy(() -> new AveragePooling1D(0))
        .hasMessage(
            """
            AveragePooling1D: poolSize must be a positive integer
              got:      poolSize=(0,)
              expected: 1 or more""");
    assertThatThrownBy(() -> new MaxPooling1D(2, o -> o.padding("causal")))
        .hasMessageStartingWith("MaxPooling1D: unknown padding");
  }

  @Test
  void inputs_that_do_not_fit_are_refused() {
    MaxPooling2D pool = new MaxPooling2D(3, o -> o.name("p"));
    GlobalMaxPooling2D global = new GlobalMaxPooling2D(o -> o.name("g"));

    assertThatThrownBy(() -> pool.apply(Tensor.zeros(1, 2, 4, 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            MaxPooling2D "p": the input is smaller than the window, so the output would be empty
              got:      input (1, 2, 4, 1), channels_last
              expected: spatial sizes of at least (3, 3)   (window (3, 3), dilation (1, 1))
              fix:      feed a larger input, or use padding "same\"""");
    assertThatThrownBy(() -> global.apply(Tensor.zeros(1, 2, 4)))
        .hasMessage(
            """
            GlobalMaxPooling2D "g": wrong rank of the input
              got:      3   (input (1, 2, 4))
              expected: 4   (batch, height, width, channels)""");
    assertThatThrownBy(() -> global.apply(Tensor.zeros(1, 0, 4, 1)))
        .hasMessageContaining("the input is smaller than the window");
  }

  @Test
  void arguments_out_of_range_are_refused() {
    assertThatThrownBy(() -> new MaxPooling2D(0))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            MaxPooling2D: poolSize must be a positive integer or 2 positive integers
              got:      poolSize=(0, 0)
              expected: 2 values of 1 or more, for example (3, 3)""");
    assertThatThrownBy(() -> new AveragePooling2D(2, o -> o.strides(0)))
        .hasMessageContaining("AveragePooling2D: strides must be a positive integer");
    assertThatThrownBy(() -> new MaxPooling2D(2, o -> o.padding("causal")))
        .hasMessageContaining("unknown padding");
    assertThat(new MaxPooling2D(2, o -> o.padding(Padding.SAME)).getConfig())
        .containsEntry("padding", "same");
  }
}
