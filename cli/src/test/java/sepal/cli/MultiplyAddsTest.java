package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sepal.layers.Conv2D;
import sepal.layers.Conv2DTranspose;
import sepal.layers.ConvLSTM2D;
import sepal.layers.Dense;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Input;
import sepal.layers.SeparableConv2D;
import sepal.models.Sequential;

class MultiplyAddsTest {
  @Test
  void each_kernel_counts_once_for_each_place_it_is_put() {
    Sequential inner =
        new Sequential("inner").add(Input.of(4, 4, 6)).add(new DepthwiseConv2D(3)); // 2 x 2 x 6
    Sequential model =
        new Sequential("model")
            .add(Input.of(8, 8, 2))
            .add(new Conv2D(3, 3, o -> o.padding("same").strides(2))) // 4 x 4 x 3
            .add(new SeparableConv2D(6, 3, o -> o.padding("same").depthMultiplier(2)))
            .add(inner)
            .add(new GlobalAveragePooling2D())
            .add(new Dense(5));

    int conv = 16 * 9 * 2 * 3;
    int separable = 16 * (9 * 6 + 6 * 6);
    int depthwise = 4 * 9 * 6;
    int dense = 6 * 5;
    assertThat(MultiplyAdds.of(model)).isEqualTo(conv + separable + depthwise + dense);
  }

  @Test
  void transposed_kernels_count_for_each_input_and_recurrent_ones_for_each_step() {
    Sequential model =
        new Sequential("model")
            .add(Input.of(5, 4, 4, 2))
            .add(new ConvLSTM2D(3, 3)) // 2 x 2 x 3
            .add(new Conv2DTranspose(6, 2, o -> o.strides(2))); // 4 x 4 x 6

    int lstm = 5 * 4 * 9 * (2 + 3) * 4 * 3;
    int transposed = 4 * 4 * 3 * 6;
    assertThat(MultiplyAdds.of(model)).isEqualTo(lstm + transposed);
  }
}
