package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.config.KerasConfig;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class PreprocessingLayersTest {
  private static final Tensor X = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @AfterEach
  void restore_the_format() {
    KerasConfig.setImageDataFormat(null);
  }

  // ---- Rescaling

  @Test
  void rescaling_of_bytes_gives_floats() {
    Tensor bytes = Tensor.wrap(new byte[] {0, (byte) 255}, Shape.of(1, 2), DType.UINT8);
    assertThat(new Rescaling(1 / 127.5, -1).apply(bytes).floats()).containsExactly(-1, 1);
  }

  @Test
  void rescaling_takes_a_number_for_each_channel() {
    Layer layer =
        new Rescaling(
            new double[] {1, 10, 100}, new double[] {0.5, 0, -1}, o -> o.dtype("float64"));
    assertThat(layer.apply(X).doubles()).containsExactly(1.5, 20, 299, 4.5, 50, 599);
  }

  @Test
  void rescaling_of_channels_follows_the_data_format_of_keras_json() {
    KerasConfig.setImageDataFormat(DataFormat.CHANNELS_FIRST);
    Layer layer = new Rescaling(new double[] {1, 10}, new double[] {0, 0}, o -> {});
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 1, 2);
    assertThat(layer.apply(x).floats()).containsExactly(1, 2, 30, 40);
  }

  @Test
  void rescaling_keeps_the_form_of_its_numbers() {
    Map<String, Object> config = new HashMap<>();
    config.put("scale", List.of(0.5, 2));
    config.put("offset", -1);
    config.put("name", "r");
    assertThat(Layers.fromConfig("test", "Rescaling", config).getConfig())
        .containsAllEntriesOf(config);
  }

  @Test
  void rescaling_wants_numbers_that_fit() {
    assertThatThrownBy(
            () -> Layers.fromConfig("test", "Rescaling", Map.of("scale", "a", "name", "r")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            test, Rescaling "r": wrong value of scale
              got:      scale="a"
              expected: a number, or a list of numbers or of equally long lists""");
    assertThatThrownBy(() -> Layers.fromConfig("test", "Rescaling", Map.of("name", "r")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            test, Rescaling "r": scale and offset must be given
              got:      scale=null, offset=0.0
              expected: a number or a list of numbers each""");
    Layer layer = new Rescaling(new double[] {1, 2, 3}, new double[] {0, 0, 0}, o -> o.name("r"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Rescaling "r": scale and offset do not fit the input
              got:      scale=[1.0, 2.0, 3.0], offset=[0.0, 0.0, 0.0], input (1, 2, 1)
              expected: one number for each channel""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith("Rescaling \"r\": scale and offset do not fit the input");
  }

  // ---- Normalization

  @Test
  void normalization_by_arguments_goes_there_and_back() {
    Layer there = new Normalization(o -> o.mean(1, 2, 3).variance(4, 9, 0.25).dtype("float64"));
    Layer back =
        new Normalization(o -> o.mean(1, 2, 3).variance(4, 9, 0.25).invert(true).dtype("float64"));

    assertThat(there.apply(X).doubles()).containsExactly(0, 0, 0, 1.5, 1, 6);
    assertThat(back.apply(there.apply(X)).doubles()).containsExactly(X.doubles());
    assertThat(there.weights()).isEmpty();
  }

  @Test
  void normalization_by_weights_is_what_a_file_holds() {
    Normalization layer = new Normalization();
    layer.build(Shape.of(-1, -1, 3));
    assertThat(layer.weights())
        .extracting(Weight::name)
        .containsExactly("mean", "variance", "count");
    assertThat(layer.trainableWeights()).isEmpty();
    layer.setWeights(
        List.of(
            Tensor.of(new float[] {1, 2, 3}, 3),
            Tensor.of(new float[] {4, 9, 0.25f}, 3),
            Tensor.wrap(new int[] {17}, Shape.of())));

    assertThat(layer.apply(X).floats()).containsExactly(0, 0, 0, 1.5f, 1, 6);
  }

  @Test
  void normalization_of_several_axes_and_of_none() {
    Normalization both = new Normalization(o -> o.axis(-1, 1));
    both.build(Shape.of(-1, 2, 3));
    assertThat(both.weights().get(0).shape()).isEqualTo(Shape.of(2, 3));
    both.setWeights(
        List.of(
            X.reshape(Shape.of(2, 3)),
            Tensor.full(DType.FLOAT32, Shape.of(2, 3), 1),
            Tensor.scalar(0)));
    assertThat(both.apply(X).floats()).containsOnly(0);

    Normalization one = new Normalization(o -> o.axis());
    one.build(Shape.of(-1, -1, -1));
    assertThat(one.weights().get(0).shape()).isEqualTo(Shape.of());
    assertThat(one.getConfig()).containsEntry("axis", List.of()).containsEntry("mean", null);
    Map<String, Object> config = new HashMap<>();
    config.put("axis", null);
    assertThat(Layers.fromConfig("test", "Normalization", config).getConfig())
        .containsEntry("axis", List.of());
  }

  @Test
  void a_variance_of_zero_is_taken_for_a_tiny_one() {
    Layer layer = new Normalization(o -> o.mean(0).variance(0).dtype("float64"));
    assertThat(layer.apply(Tensor.of(new double[] {1}, 1, 1)).doubles()).containsExactly(1 / 1e-7);
  }

  @Test
  void mean_and_variance_go_together() {
    assertThatThrownBy(() -> new Normalization(o -> o.mean(1).name("n")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Normalization "n": mean and variance go together
              got:      mean=1.0, variance=null
              expected: both or none""");
    assertThatThrownBy(() -> new Normalization(o -> o.mean(1, 2).variance(1, 2, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Normalization: mean and variance do not fit
              got:      mean (2,), variance (3,), axis=[-1]
              expected: equal shapes with no more axes than axis names""");
  }

  @Test
  void normalization_wants_axes_that_exist_and_have_a_size() {
    assertThatThrownBy(() -> new Normalization(o -> o.axis(3).name("n")).apply(X))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Normalization "n": the input does not have axis 3
              got:      input (1, 2, 3)
              expected: at least 4 axes""");
    assertThatThrownBy(() -> new Normalization(o -> o.name("n")).build(Shape.of(-1, -1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Normalization "n": the sizes of the kept axes must be known
              got:      input (null, null), axis=[-1]
              expected: a size on axis 1""");
    assertThatThrownBy(() -> new Normalization(o -> o.mean(1, 2).variance(1, 1).name("n")).apply(X))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Normalization "n": mean does not fit the input
              got:      mean (2,), input (1, 2, 3)
              expected: size 3 along axis 2""");
  }

  @Test
  void nested_lists_must_be_equally_long() {
    Map<String, Object> config = new HashMap<>();
    config.put("axis", List.of(1, 2));
    config.put("mean", List.of(List.of(1, 2, 3), List.of(4, 5, 6)));
    config.put("variance", List.of(List.of(1, 1, 1), List.of(1, 1, 1)));
    assertThat(Layers.fromConfig("test", "Normalization", config).apply(X).floats())
        .containsOnly(0);
    for (Object bad :
        List.of(List.of(List.of(1), 2), List.of(1, List.of(2)), List.of(Arrays.asList(1, null)))) {
      config.put("mean", bad);
      assertThatThrownBy(() -> Layers.fromConfig("test", "Normalization", config))
          .isInstanceOf(InvalidArgument.class)
          .hasMessageContaining("wrong value of mean");
    }
  }
}
