package sepal.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.atIndex;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AxisGroupsTest {
  private static final Shape SHAPE = Shape.of(2, 3, 4);

  private static List<List<Integer>> groups(Shape shape, Integer... axes) {
    AxisGroups groups = AxisGroups.of("test", shape, List.of(axes));
    List<List<Integer>> all = new ArrayList<>();
    for (int g = 0; g < groups.count(); g++) {
      int group = g;
      all.add(
          IntStream.range(0, groups.length()).map(i -> groups.index(group, i)).boxed().toList());
    }
    return all;
  }

  @Test
  void the_last_axis_makes_contiguous_groups() {
    assertThat(groups(SHAPE, -1)).hasSize(6).startsWith(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
  }

  @Test
  void a_middle_axis_strides() {
    assertThat(groups(SHAPE, 1)).hasSize(8).startsWith(List.of(0, 4, 8), List.of(1, 5, 9));
  }

  @Test
  void two_axes_make_one_group_of_both() {
    assertThat(groups(SHAPE, 2, 0))
        .hasSize(3)
        .contains(List.of(4, 5, 6, 7, 16, 17, 18, 19), atIndex(1));
  }

  @Test
  void every_element_is_in_one_group() {
    List<Integer> all = groups(SHAPE, 0, 2).stream().flatMap(List::stream).sorted().toList();
    assertThat(all).isEqualTo(IntStream.range(0, 24).boxed().toList());
  }

  @Test
  void all_axes_make_one_group_and_none_makes_single_elements() {
    assertThat(groups(SHAPE, 0, 1, 2)).hasSize(1);
    assertThat(groups(SHAPE)).hasSize(24).startsWith(List.of(0));
    assertThat(groups(Shape.of())).containsExactly(List.of(0));
  }

  @Test
  void an_empty_axis_makes_no_elements() {
    assertThat(groups(Shape.of(2, 0), 1)).containsExactly(List.of(), List.of());
    assertThat(groups(Shape.of(0, 2), 1)).isEmpty();
  }

  @Test
  void a_missing_axis_is_refused() {
    assertThatThrownBy(() -> AxisGroups.of("MaxNorm", SHAPE, List.of(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            MaxNorm: there is no such axis
              got:      axis=3 for shape (2, 3, 4)
              expected: an axis from -3 to 2""");
  }

  @Test
  void an_axis_given_twice_is_refused() {
    assertThatThrownBy(() -> AxisGroups.of("MaxNorm", SHAPE, List.of(0, -3)))
        .hasMessage(
            """
            MaxNorm: an axis is given twice
              got:      axes [0, -3] for shape (2, 3, 4)
              expected: each axis once""");
  }
}
