package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class PreprocessTest {
  private static final Tensor PIXEL = Tensor.of(new float[] {0, 51, 255}, 1, 1, 1, 3);

  @Test
  void none_leaves_numbers_alone() {
    assertThat(Preprocess.NONE.apply(PIXEL, 3)).isSameAs(PIXEL);
  }

  @Test
  void unit_gives_0_to_1_and_tf_minus_1_to_1() {
    assertThat(Preprocess.UNIT.apply(PIXEL, 3).floats()).containsExactly(0, 0.2f, 1);
    assertThat(Preprocess.TF.apply(PIXEL, 3).floats()).containsExactly(-1, 51 / 127.5f - 1, 1);
  }

  @Test
  void torch_scales_each_channel() {
    assertThat(Preprocess.TORCH.apply(PIXEL, 3).floats())
        .containsExactly(
            new float[] {-0.485f / 0.229f, (0.2f - 0.456f) / 0.224f, (1 - 0.406f) / 0.225f},
            Offset.offset(1e-6f));
  }

  @Test
  void caffe_turns_the_channels_round_and_subtracts_their_means() {
    assertThat(Preprocess.CAFFE.apply(PIXEL, 3).floats())
        .containsExactly(255 - 103.939f, 51 - 116.779f, -123.68f);
  }

  @Test
  void channels_first_means_the_same() {
    Tensor last = Tensor.of(new float[] {1, 2, 3, 40, 50, 60}, 1, 1, 2, 3);
    Tensor first = Tensor.of(new float[] {1, 40, 2, 50, 3, 60}, 1, 3, 1, 2);
    for (Preprocess mode : Preprocess.values()) {
      float[] a = mode.apply(last, 3).floats();
      float[] b = mode.apply(first, 1).floats();
      assertThat(new float[] {b[0], b[2], b[4], b[1], b[3], b[5]}).as("%s", mode).isEqualTo(a);
    }
  }

  @Test
  void bytes_count_from_0_to_255() {
    Tensor bytes = Tensor.wrap(new byte[] {(byte) 255}, Shape.of(1), DType.UINT8);
    assertThat(Preprocess.UNIT.apply(bytes, 3).floats()).containsExactly(1);
  }

  @Test
  void torch_and_caffe_refuse_gray() {
    Tensor gray = Tensor.zeros(1, 2, 2, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Preprocess.CAFFE.apply(gray, 3))
        .withMessage(
            """
            --preprocess caffe: colour only
              got:      input of shape (1, 2, 2, 1)
              expected: 3 channels on axis 3""");
  }
}
