package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class InputLayerTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void an_input_is_a_symbolic_tensor_with_an_unknown_batch() {
    KerasTensor input = Input.of(64, Shape.UNKNOWN, 3);

    assertThat(input.shape()).isEqualTo(Shape.of(-1, 64, -1, 3));
    assertThat(input.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(input.node().inputs()).isEmpty();
    assertThat(input.node().layer().name()).isEqualTo("input_layer");
    assertThat(Input.of(3).node().layer().name()).isEqualTo("input_layer_1");
  }

  @Test
  void an_input_takes_a_batch_size_an_integer_type_and_a_name() {
    KerasTensor input = Input.of(o -> o.shape(5).batchSize(2).dtype("int32").name("tokens"));

    assertThat(input.shape()).isEqualTo(Shape.of(2, 5));
    assertThat(input.dtype()).isEqualTo(DType.INT32);
    assertThat(input.toString()).isEqualTo("tokens[0][0]");
    assertThat(Input.of(o -> o.batchShape(4, -1)).shape()).isEqualTo(Shape.of(4, -1));
    assertThat(Input.of().shape()).isEqualTo(Shape.of(Shape.UNKNOWN));
  }

  @Test
  void the_configuration_has_the_keys_and_values_of_keras_in_their_order() {
    InputLayer layer = new InputLayer(o -> o.shape(3));

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("batch_shape", Arrays.asList(null, 3));
    expected.put("dtype", "float32");
    expected.put("sparse", false);
    expected.put("ragged", false);
    expected.put("name", "input_layer");
    expected.put("optional", false);
    assertThat(layer.getConfig()).containsExactlyEntriesOf(expected);
    assertThat(Layers.fromConfig("test", "InputLayer", layer.getConfig()).config())
        .isEqualTo(new InputLayer(o -> o.shape(3).name("input_layer")).config());
  }

  @Test
  void the_configuration_of_keras_2_is_read() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("batch_input_shape", Arrays.asList(null, 8, 8, 1));
    config.put("dtype", "float32");
    config.put("sparse", false);
    config.put("name", "input_1");

    InputLayer layer = (InputLayer) Layers.fromConfig("test", "InputLayer", config);

    assertThat(layer.name()).isEqualTo("input_1");
    assertThat(layer.output().shape()).isEqualTo(Shape.of(-1, 8, 8, 1));
    assertThat(layer.givenInputShape()).isEqualTo(Shape.of(-1, 8, 8, 1));
  }

  @Test
  void data_of_another_type_are_cast() {
    Layer layer = new InputLayer(o -> o.shape(2).dtype("int64"));

    assertThat(layer.apply(Tensor.of(new float[] {1, 2}, 1, 2)).dtype()).isEqualTo(DType.INT64);
  }

  @Test
  void data_of_another_shape_are_refused() {
    Layer layer = new InputLayer(o -> o.shape(2).name("in"));

    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            InputLayer "in": wrong shape of the input
              got:      (1, 3)
              expected: (null, 2)""");
  }

  @Test
  void an_input_without_a_shape_is_refused() {
    assertThatThrownBy(() -> Input.of(o -> o.name("in")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            InputLayer "in": an input needs a shape
              expected: shape, for example shape(64, 64, 3), or batchShape""");
  }

  @Test
  void a_shape_beside_a_batch_shape_is_refused() {
    assertThatThrownBy(() -> Input.of(o -> o.shape(3).batchShape(1, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            InputLayer: batchShape says it all
              got:      batchShape=(1, 3) and shape=(3,)
              expected: batchShape, or shape with or without batchSize""");
    assertThatThrownBy(() -> Input.of(o -> o.batchShape(1, 3).batchSize(1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            InputLayer: batchShape says it all
              got:      batchShape=(1, 3) and batchSize=1
              expected: batchShape, or shape with or without batchSize""");
  }

  @Test
  void a_sparse_input_is_refused() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("batch_shape", Arrays.asList(null, 8));
    config.put("sparse", true);
    config.put("name", "in");

    assertThatThrownBy(() -> Layers.fromConfig("test", "InputLayer", config))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            InputLayer "in": sparse inputs are not supported
              fix:      feed dense tensors""");
  }

  @Test
  void a_batch_without_a_batch_axis_is_refused() {
    assertThatThrownBy(() -> Input.of(o -> o.batchShape().name("in")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            InputLayer "in": the shape of a batch needs the batch axis
              got:      batchShape=()
              expected: at least one axis, for example (null, 3)""");
  }
}
