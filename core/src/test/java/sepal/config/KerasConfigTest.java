package sepal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sepal.layers.Dense;
import sepal.losses.KLDivergence;
import sepal.shape.DataFormat;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/** Core alone: no {@code keras.json} is read here. */
class KerasConfigTest {
  @AfterEach
  void forget() {
    KerasConfig.setFloatx(null);
    KerasConfig.setEpsilon(null);
    KerasConfig.setImageDataFormat(null);
  }

  @Test
  void without_a_source_the_defaults_are_those_of_keras() {
    assertThat(KerasConfig.floatx()).isEqualTo(DTypePolicy.FLOAT32);
    assertThat(KerasConfig.epsilon()).isEqualTo(1e-7);
    assertThat(KerasConfig.imageDataFormat()).isEqualTo(DataFormat.CHANNELS_LAST);
  }

  @Test
  void layers_that_name_no_dtype_take_floatx() {
    KerasConfig.setFloatx("float64");
    Dense dense = new Dense(2);
    assertThat(dense.apply(Tensor.zeros(1, 3)).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(dense.weights()).allMatch(weight -> weight.dtype() == DType.FLOAT64);
  }

  @Test
  void losses_clip_to_epsilon() {
    KerasConfig.setEpsilon(0.5);
    Tensor y = Tensor.of(new float[] {1, 0}, 1, 2);
    Tensor p = Tensor.of(new float[] {0, 1}, 1, 2);
    // labels and predictions are clipped to [0.5, 1]
    double expected = 1 * Math.log(1 / 0.5) + 0.5 * Math.log(0.5 / 1);
    assertThat(new KLDivergence().apply(y, p).get(0))
        .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
  }

  @Test
  void wrong_settings_are_errors_that_change_nothing() {
    assertThatThrownBy(() -> KerasConfig.setEpsilon(-1.0))
        .hasMessage(
            """
            KerasConfig.setEpsilon: epsilon must be positive
              got:      epsilon=-1.0
              expected: a small number such as 1e-7""");
    assertThatThrownBy(() -> KerasConfig.setFloatx("float16"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(KerasConfig.floatx()).isEqualTo(DTypePolicy.FLOAT32);
  }
}
