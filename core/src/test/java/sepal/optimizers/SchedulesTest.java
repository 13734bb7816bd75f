package sepal.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.testing.Golden;

class SchedulesTest {
  private static final List<Map<String, Object>> GOLDEN =
      Golden.readList("functions/schedules.json");

  static Stream<Map<String, Object>> cases() {
    return GOLDEN.stream();
  }

  @Test
  void the_golden_file_has_every_case() {
    assertThat(GOLDEN).hasSize(9);
  }

  /** Keras computes in float32, whose steps are 6e-8: of rates up to 0.1, that is 6e-9. */
  @ParameterizedTest
  @MethodSource("cases")
  void rates_match_keras_at_every_step(Map<String, Object> golden) {
    LearningRateSchedule schedule = Schedules.get("test", golden.get("serialized"));
    List<?> values = (List<?>) golden.get("values");
    assertThat(values).hasSize(25);
    for (int step = 0; step < values.size(); step++) {
      assertThat(schedule.apply(step))
          .as("step %d", step)
          .isCloseTo(((Number) values.get(step)).doubleValue(), within(2e-8));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void configurations_are_written_as_keras_writes_them(Map<String, Object> golden) {
    LearningRateSchedule schedule = Schedules.get("test", golden.get("serialized"));
    assertThat(Golden.plain(schedule.serialize()))
        .isEqualTo(Golden.plain(golden.get("serialized")));
    assertThat(Schedules.get("test", schedule.serialize())).isEqualTo(schedule);
  }

  @Test
  void restarts_of_equal_length_repeat() {
    LearningRateSchedule schedule = new Schedules.CosineDecayRestarts(1, 4, 1, 0.5, 0);
    assertThat(schedule.apply(0)).isEqualTo(1);
    assertThat(schedule.apply(2)).isCloseTo(0.5, within(1e-12));
    assertThat(schedule.apply(4)).isEqualTo(0.5);
    assertThat(schedule.apply(10)).isCloseTo(0.125, within(1e-12));
  }

  @Test
  void values_without_matching_boundaries_are_refused() {
    assertThatThrownBy(
            () -> new Schedules.PiecewiseConstantDecay(List.of(1.0, 2.0), List.of(0.1, 0.2)))
        .hasMessage(
            """
            PiecewiseConstantDecay: there must be one value more than boundaries
              got:      2 values, 2 boundaries
              expected: 3 values""");
  }
}
