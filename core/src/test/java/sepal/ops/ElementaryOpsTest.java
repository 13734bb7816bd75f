package sepal.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import sepal.losses.Loss;
import sepal.losses.MeanSquaredError;
import sepal.regularizers.L2;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

class ElementaryOpsTest {
  @Test
  void sums_and_means_lose_their_axes() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(Ops.sum(x, 0).floats()).containsExactly(5, 7, 9);
    assertThat(Ops.mean(x, -1).floats()).containsExactly(2, 5);
    assertThat(Ops.sum(x).shape()).isEqualTo(Shape.of());
    assertThat(Ops.mean(x).get(0)).isEqualTo(3.5);
    assertThatThrownBy(() -> Ops.mean(x, 2))
        .hasMessage(
            """
            mean: there is no such axis
              got:      axis=2 for shape (2, 3)
              expected: an axis from -2 to 1""");
  }

  @Test
  void matrices_are_multiplied_pair_by_pair() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 1, 0, 0, 0, 1, 0}, 2, 2, 3);
    Tensor b = Tensor.of(new float[] {1, 0, 0, 1, 2, 2, 7, 8, 9, 10, 11, 12}, 2, 3, 2);

    Tensor y = Ops.matmul(a, b);

    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(y.floats()).containsExactly(7, 8, 16, 17, 7, 8, 9, 10);
    assertThat(Ops.matmul(Tensor.zeros(2, 3, 0), Tensor.zeros(2, 0, 4)).floats()).containsOnly(0);
    assertThatThrownBy(() -> Ops.matmul(a, a))
        .hasMessage(
            """
            Ops.matmul: the operands do not fit together
              got:      float32 (2, 2, 3) and float32 (2, 2, 3)
              expected: (n, rows, depth) and (n, depth, columns) of one floating type""");
  }

  @Test
  void vectors_get_length_1_unless_they_are_too_short() {
    Tensor x = Tensor.of(new double[] {3, 4, 0, 0, 3e-4, 4e-4}, 3, 2);
    assertThat(Ops.unitNormalization(x, List.of(1), 1e-3).doubles())
        .containsExactly(new double[] {0.6, 0.8, 0, 0, 0.3, 0.4}, within(1e-15));
  }

  @Test
  void integers_are_refused() {
    assertThatThrownBy(() -> Ops.exp(Tensor.of(new int[] {1}, 1)))
        .hasMessage(
            """
            exp: the input is not floating
              got:      int32 (1,)
              expected: float32 or float64
              fix:      call cast(DType.FLOAT32) first""");
  }

  @Test
  void a_loss_made_of_operations_is_the_loss_of_keras() {
    Loss own = (yTrue, yPred) -> Ops.mean(Ops.square(Ops.subtract(yPred, yTrue)), -1);
    Tensor yTrue = Tensor.of(new int[] {1, 0, 2, 1, 1, 0}, 2, 3);
    Tensor yPred = Gradients.random(Shape.of(2, 3), 5, -1, 1);
    Tensor weight = Tensor.of(new float[] {1, 3}, 2);
    Loss keras = new MeanSquaredError();
    assertThat(own.apply(yTrue, yPred, weight).get(0))
        .isCloseTo(keras.apply(yTrue, yPred, weight).get(0), within(1e-12));
    assertThat(Gradients.of(p -> own.apply(yTrue, p, weight), yPred).doubles())
        .containsExactly(
            Gradients.of(p -> keras.apply(yTrue, p, weight), yPred).doubles(), within(1e-12));
  }

  @Test
  void a_regularizer_made_of_operations_is_that_of_keras() {
    Regularizer own = w -> Ops.sum(Ops.square(w));
    Tensor w = Gradients.random(Shape.of(2, 3), 6, -1, 1);
    assertThat(own.apply(w).get(0)).isCloseTo(new L2(1).apply(w).get(0), within(1e-12));
    assertThat(Gradients.of(own::apply, w).doubles())
        .containsExactly(Gradients.of(new L2(1)::apply, w).doubles(), within(1e-12));
  }
}
