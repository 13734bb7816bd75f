package sepal.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

  @ParameterizedTest
  @CsvSource({
    "SeparableConv2D, separable_conv2d",
    "Conv2DTranspose, conv2d_transpose",
    "BatchNormalization, batch_normalization",
    "ReLU, re_lu",
    "PReLU, p_re_lu",
    "ELU, elu",
    "ConvLSTM2D, conv_lstm2d",
    "GlobalMaxPooling1D, global_max_pooling1d",
    "L1L2, l1l2",
    "Flatten, flatten",
    "my>Own-Layer, my_own_layer",
    "Two_Words, two__words",
    "A, a",
    "'', ''"
  })
  void snake_case_is_that_of_keras(String className, String expected) {
    assertThat(Names.snakeCase(className)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "depthMultiplier, depth_multiplier",
    "synchronized_, synchronized",
    "useBias, use_bias",
    "axis, axis",
    "ABc, _a_bc"
  })
  void a_key_is_the_java_name_with_small_words(String javaName, String expected) {
    assertThat(Names.keyOf(javaName)).isEqualTo(expected);
  }
}
