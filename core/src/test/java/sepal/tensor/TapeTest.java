package sepal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sepal.shape.Shape;

class TapeTest {
  private static Tensor times(Tensor a, Tensor b) {
    Tensor y = product(a, b);
    return Tape.record(
        y,
        (g, needed) -> new @Nullable Tensor[] {needed[0] ? product(g, b) : null, product(g, a)},
        a,
        b);
  }

  private static Tensor product(Tensor a, Tensor b) {
    float[] y = a.toFloatArray();
    for (int i = 0; i < y.length; i++) {
      y[i] *= b.floats()[i];
    }
    return Tensor.wrap(y, a.shape());
  }

  private final Tensor x = Tensor.of(new float[] {2, 3}, 2);
  private final Tensor w = Tensor.of(new float[] {5, 7}, 2);

  @Test
  void gradients_of_a_tensor_that_is_used_twice_add_up() {
    try (Tape tape = new Tape()) {
      tape.watch(x);
      Tensor y = times(times(x, w), x);
      Tensor dx = tape.gradient(y, List.of(x)).get(0);
      assertThat(dx.floats()).containsExactly(20, 42); // 2 * w * x
    }
  }

  @Test
  void what_is_not_watched_has_no_gradient_and_is_not_recorded() {
    try (Tape tape = new Tape()) {
      Tensor before = times(x, x);
      tape.watch(w);
      Tensor y = times(before, w);
      assertThat(tape.gradient(y, List.of(w, x)))
          .satisfiesExactly(
              dw -> assertThat(dw.floats()).containsExactly(4, 9), dx -> assertThat(dx).isNull());
    }
  }

  @Test
  void a_closed_tape_records_no_more() {
    Tape tape = new Tape();
    tape.watch(x);
    assertThat(Tape.isRecording(x)).isTrue();
    tape.close();
    assertThat(Tape.isRecording(x)).isFalse();
  }

  @Test
  void an_upstream_of_another_shape_is_refused() {
    try (Tape tape = new Tape()) {
      tape.watch(x);
      Tensor y = times(x, w);
      assertThatThrownBy(
              () -> tape.gradient(y, Tensor.zeros(DType.FLOAT32, Shape.of(3)), List.of(x)))
          .hasMessage(
              """
              Tape: the upstream gradient has another shape than the target
                got:      (3,)
                expected: (2,)""");
    }
  }
}
