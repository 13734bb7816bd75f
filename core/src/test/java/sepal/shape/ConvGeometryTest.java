package sepal.shape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvGeometryTest {
  @ParameterizedTest
  @CsvSource({"1, 1, SAME", "2, 1, SAME", "3, 1, VALID", "1, 3, SAME", "1, 6, SAME"})
  void some_rows_read_what_they_read_among_all(int stride, int dilation, Padding padding) {
    Window window = new Window(Dims.of(3, 3), Dims.of(stride, 1), Dims.of(dilation, 1), padding);
    ConvGeometry all =
        ConvGeometry.of("test", Shape.of(2, 9, 5, 4), window, DataFormat.CHANNELS_LAST, 6);
    int height = all.outputSize().get(0);
    for (int from = 0; from < height; from++) {
      for (int to = from + 1; to <= height; to++) {
        ConvGeometry some = all.rows(from, to);
        assertThat(some.outputSize()).isEqualTo(Dims.of(to - from, all.outputSize().get(1)));
        for (int row = from; row < to; row++) {
          for (int tap = 0; tap < 3; tap++) {
            int expected = all.source(0, row, tap);
            int source = some.source(0, row - from, tap);
            assertThat(source + all.firstRow(from)).isEqualTo(expected);
            assertThat(source >= 0 && source < some.inputSize().get(0))
                .isEqualTo(expected >= 0 && expected < 9);
          }
        }
        assertThat(all.firstRow(from) + some.inputSize().get(0)).isLessThanOrEqualTo(9);
      }
    }
  }
}
