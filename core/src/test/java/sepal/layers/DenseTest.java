package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class DenseTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void the_last_axis_is_contracted_and_the_others_stay() {
    for (String dtype : List.of("float32", "float64")) {
      Dense layer = new Dense(2, o -> o.dtype(dtype).activation("relu"));
      layer.build(Shape.of(-1, -1, 3));
      layer.setWeights(
          List.of(
              Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2), Tensor.of(new float[] {10, -9}, 2)));

      Tensor y = layer.apply(Tensor.of(new float[] {1, 0, 0, 0, 1, 1}, 1, 2, 3));

      assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 2));
      assertThat(y.dtype()).hasToString(dtype);
      assertThat(y.toFloatArray()).containsExactly(11, 0, 18, 1);
      assertThat(layer.apply(Tensor.zeros(0, 3)).shape()).isEqualTo(Shape.of(0, 2));
    }
  }

  @Test
  void float64_computes_in_double() {
    Dense layer = new Dense(1, o -> o.dtype("float64").kernelInitializer("ones"));
    assertThat(layer.apply(Tensor.of(new double[] {1, 1e-12}, 1, 2)).doubles())
        .containsExactly(1 + 1e-12);
  }

  @Test
  void softmax_runs_along_the_units() {
    for (String dtype : List.of("float32", "float64")) {
      Dense layer = new Dense(4, o -> o.dtype(dtype).activation("softmax"));
      Tensor y = layer.apply(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 1, 3));
      assertThat(y.get(0) + y.get(1) + y.get(2) + y.get(3)).isBetween(1 - 1e-6, 1 + 1e-6);
      assertThat(y.get(4) + y.get(5) + y.get(6) + y.get(7)).isBetween(1 - 1e-6, 1 + 1e-6);
    }
  }

  @Test
  void kernel_and_bias_come_in_this_order() {
    Dense layer = new Dense(2, o -> o.name("d").biasInitializer(null));
    layer.build(Shape.of(-1, 3));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly("Weight(d/kernel, float32(3, 2))", "Weight(d/bias, float32(2,))");
    assertThat(layer.weights().get(1).value().toFloatArray()).containsOnly(0);
    assertThat(new Dense(2, o -> o.useBias(false)).apply(Tensor.zeros(1, 3)).toFloatArray())
        .containsOnly(0);
  }

  @Test
  void unknown_sizes_stay_unknown() {
    assertThat(new Dense(4).computeOutputShape(Shape.of(-1, -1, -1)))
        .isEqualTo(Shape.of(-1, -1, 4));
  }

  @Test
  void inputs_that_do_not_fit_are_refused() {
    Dense layer = new Dense(2, o -> o.name("d"));

    assertThatThrownBy(() -> layer.apply(Tensor.zeros(3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Dense "d": wrong rank of the input
              got:      1   (input (3,))
              expected: 2 or more   (batch, ..., features)""");
    assertThatThrownBy(() -> layer.build(Shape.of(3, -1)))
        .hasMessage(
            """
            Dense "d": the number of input features must be known
              got:      (3, null)
              expected: a size on the last axis""");
    layer.build(Shape.of(-1, 3));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 5)))
        .hasMessage(
            """
            Dense "d": wrong number of input features
              got:      5   (input (1, 5))
              expected: 3   (built on (null, 3))
              fix:      feed 3 features, or build a new layer for 5""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(3)))
        .hasMessageContaining("wrong rank of the input");
  }

  @Test
  void arguments_out_of_range_are_refused() {
    assertThatThrownBy(() -> new Dense(0)).hasMessageContaining("units must be a positive integer");
    Map<String, Object> config = new HashMap<>(new Dense(2).getConfig());
    config.put("quantization_config", Map.of("mode", "int8"));
    assertThatThrownBy(() -> Layers.fromConfig("file", "Dense", config))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            Dense "dense": quantization is not supported
              got:      quantization_config={mode=int8}
              expected: null""");
  }
}
