package sepal.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import sepal.kernels.Workload;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

class TrainingMemoryTest {
  @Test
  void fused_and_unfused_steps_compute_the_same_gradients() {
    Workload workload = Workload.parse("test", "x 8 9 4 6 3x3 2x2 1x1 2 same").get(0);
    Tensor x = TrainingMemory.input(workload, 2);
    Sequential fused = TrainingMemory.model(workload, true);
    Sequential unfused = TrainingMemory.model(workload, false);
    fused.build(x.shape());
    unfused.build(x.shape());
    unfused.setWeights(fused.getWeights());

    List<Tensor> expected = TrainingMemory.step(fused, x);
    List<Tensor> found = TrainingMemory.step(unfused, x);

    assertThat(unfused.layers()).hasSize(3);
    assertThat(found).hasSize(4).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).shape()).isEqualTo(expected.get(i).shape());
      assertThat(Objects.requireNonNull(found.get(i)).floats())
          .containsExactly(expected.get(i).floats(), Offset.offset(1e-4f));
    }
  }
}
