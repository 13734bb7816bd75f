package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Pooling, padding, cropping and upsampling of volumes. */
class VolumeLayersTest {
  private static final Tensor VOLUME =
      Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2, 1);

  @Test
  void pooling_with_same_padding_leaves_the_padding_out() {
    assertThat(new MaxPooling3D(2, o -> o.strides(1).padding("same")).apply(VOLUME).floats())
        .containsExactly(8, 8, 8, 8, 8, 8, 8, 8);
    assertThat(
            new AveragePooling3D(2, o -> o.strides(2, 1, 1).padding("same")).apply(VOLUME).floats())
        .containsExactly(4.5f, 5, 5.5f, 6);
    assertThat(new GlobalMaxPooling3D().apply(VOLUME).floats()).containsExactly(8);
    assertThat(new GlobalAveragePooling3D(o -> o.keepdims(true)).apply(VOLUME).shape())
        .isEqualTo(Shape.of(1, 1, 1, 1, 1));
  }

  @Test
  void every_place_is_repeated_along_each_axis() {
    assertThat(new UpSampling3D(o -> o.size(2, 1, 1)).apply(VOLUME).floats())
        .containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8);
    assertThat(new UpSampling3D(o -> o.size(1, 1, 2)).apply(VOLUME).floats())
        .containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8);
  }

  @Test
  void what_is_put_around_can_be_taken_off() {
    ZeroPadding3D pad = new ZeroPadding3D(o -> o.padding(1, 0, 2, 1, 0, 3));
    Cropping3D crop = new Cropping3D(o -> o.cropping(1, 0, 2, 1, 0, 3));
    Tensor padded = pad.apply(VOLUME);

    assertThat(padded.shape()).isEqualTo(Shape.of(1, 3, 5, 5, 1));
    assertThat(crop.apply(padded).floats()).containsExactly(VOLUME.floats());
    assertThat(pad.getConfig())
        .hasToString(
            crop.getConfig()
                .toString()
                .replace("cropping3d", "zero_padding3d")
                .replace("cropping=", "padding="));
  }

  @Test
  void mistakes_are_named() {
    assertThatThrownBy(() -> new MaxPooling3D(2, o -> o.name("p")).apply(Tensor.zeros(1, 4, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            MaxPooling3D "p": wrong rank of the input
              got:      4   (input (1, 4, 4, 2))
              expected: 5   (batch, depth, height, width, channels)""");
    assertThatThrownBy(() -> new ZeroPadding3D(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            ZeroPadding3D: padding must not be negative
              got:      padding=((-1, -1), (-1, -1), (-1, -1))
              expected: 0 or more on each side
              fix:      use Cropping3D to take planes, rows and columns off""");
    assertThatThrownBy(() -> new UpSampling3D(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            UpSampling3D: size must be a positive integer or 3 positive integers
              got:      size=(0, 0, 0)
              expected: 3 values of 1 or more, for example (3, 3, 3)""");
    assertThatThrownBy(
            () -> new Cropping3D(o -> o.name("c").cropping(1)).apply(Tensor.zeros(1, 4, 4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Cropping3D "c": wrong rank of the input
              got:      4   (input (1, 4, 4, 2))
              expected: 5   (for volumes)""");
  }
}
