package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.shape.DataFormat;
import sepal.shape.Shape;

class WorkloadTest {
  @Test
  void the_list_holds_the_assorted_shapes_and_real_models() {
    List<String> names = Workload.all().stream().map(Workload::name).toList();

    assertThat(names)
        .doesNotHaveDuplicates()
        .contains("S1", "S10", "mobilenet_1", "mini_xception_1a", "eegnet_separable");
  }

  @Test
  void a_line_is_read_column_by_column() {
    Workload workload =
        Workload.parse("w", "# comment\n\nx  8 9  2 4  3x5  2x1  1x1  3  same\n").get(0);

    assertThat(workload.geometry(7, DataFormat.CHANNELS_FIRST).input())
        .isEqualTo(Shape.of(7, 2, 8, 9));
    assertThat(workload.geometry(7, DataFormat.CHANNELS_LAST).output())
        .isEqualTo(Shape.of(7, 4, 9, 4));
    assertThat(workload.between()).isEqualTo(6);
    assertThat(workload.multiplyAdds()).isEqualTo(4 * 9 * 6 * (15 + 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x 8 9 2 4 3x5 2x1 1x1 3",
        "x 8 9 2 4 3x5 2x1 1x1 3 same 1",
        "x 8 9 2 4 35 2x1 1x1 3 same",
        "x 8 9 two 4 3x5 2x1 1x1 3 same"
      })
  void another_form_is_refused(String line) {
    assertThatThrownBy(() -> Workload.parse("list", "# one\n" + line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            list, line 2: not a workload
              got:      %s
              expected: name, height, width, channels, filters, kernel, strides, dilation, \
            multiplier, padding"""
                .formatted(line));
  }

  @Test
  void sizes_must_be_positive() {
    assertThatThrownBy(() -> Workload.parse("list", "x 8 0 2 4 3x3 1x1 1x1 1 same"))
        .hasMessageStartingWith("list, line 1: a size must be a positive integer");
  }

  @Test
  void the_peak_is_a_positive_number() {
    assertThat(PeakFlops.sample()).isPositive().isFinite();
  }
}
