package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/**
 * Small cases worked out by hand: what everything else is measured against must itself be right.
 */
class DoubleKernelsTest {

  private static ConvGeometry geometry(
      Shape input, int size, int stride, int dilation, Padding padding, int filters) {
    int rank = input.rank() - 2;
    Window window =
        new Window(
            Dims.fill(rank, size), Dims.fill(rank, stride), Dims.fill(rank, dilation), padding);
    return ConvGeometry.of("test", input, window, DataFormat.CHANNELS_LAST, filters);
  }

  @Test
  void one_axis_with_same_padding() {
    ConvGeometry geometry = geometry(Shape.of(1, 4, 1), 3, 1, 1, Padding.SAME, 1);
    double[] y =
        DoubleKernels.conv(
            new double[] {1, 2, 3, 4}, new double[] {1, 10, 100}, 1, new double[] {0.5}, geometry);
    assertThat(y).containsExactly(210.5, 321.5, 432.5, 43.5);
  }

  @Test
  void strides_and_dilation() {
    ConvGeometry geometry = geometry(Shape.of(1, 7, 1), 2, 2, 3, Padding.VALID, 1);
    double[] y =
        DoubleKernels.conv(
            new double[] {1, 2, 3, 4, 5, 6, 7}, new double[] {1, 10}, 1, null, geometry);
    assertThat(y).containsExactly(1 + 40, 3 + 60);
  }

  @Test
  void groups_see_their_own_channels() {
    ConvGeometry geometry = geometry(Shape.of(1, 1, 1, 4), 1, 1, 1, Padding.VALID, 2);
    double[] y =
        DoubleKernels.conv(
            new double[] {1, 2, 3, 4}, new double[] {1, 10, 100, 1000}, 2, null, geometry);
    assertThat(y).containsExactly(1 + 200, 30 + 4000);
  }

  @Test
  void depthwise_channels_come_with_the_multiplier_inside() {
    ConvGeometry geometry = geometry(Shape.of(1, 1, 2), 1, 1, 1, Padding.VALID, 4);
    double[] y =
        DoubleKernels.depthwiseConv(
            new double[] {1, 2}, new double[] {1, 10, 100, 1000}, null, geometry);
    assertThat(y).containsExactly(1, 10, 200, 2000);
  }

  @Test
  void channels_first_gives_the_same_numbers() {
    Window window = new Window(Dims.of(1, 2), Dims.of(1, 1), Dims.of(1, 1), Padding.VALID);
    ConvGeometry geometry =
        ConvGeometry.of("test", Shape.of(1, 2, 1, 3), window, DataFormat.CHANNELS_FIRST, 1);
    double[] y =
        DoubleKernels.conv(
            new double[] {1, 2, 3, 4, 5, 6}, new double[] {1, 10, 100, 1000}, 1, null, geometry);
    assertThat(y).containsExactly(1 + 40 + 200 + 5000, 2 + 50 + 300 + 6000);
  }

  @Test
  void three_axes() {
    ConvGeometry geometry = geometry(Shape.of(1, 2, 2, 2, 1), 2, 1, 1, Padding.VALID, 1);
    double[] y =
        DoubleKernels.conv(
            new double[] {1, 2, 3, 4, 5, 6, 7, 8},
            new double[] {1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7},
            1,
            null,
            geometry);
    assertThat(y).containsExactly(87654321);
  }

  @Test
  void pooling_leaves_padding_out() {
    ConvGeometry geometry = geometry(Shape.of(1, 3, 1), 2, 2, 1, Padding.SAME, 1);
    double[] x = {-3, -1, -2};
    assertThat(DoubleKernels.maxPool(x, geometry)).containsExactly(-1, -2);
    assertThat(DoubleKernels.averagePool(x, geometry)).containsExactly(-2, -2);
  }
}
