package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sepal.kernels.KernelChoice;
import sepal.kernels.Parallel;
import sepal.layers.Conv2D;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Layer;
import sepal.layers.MaxPooling2D;
import sepal.layers.SeparableConv2D;
import sepal.tensor.Tensor;

/**
 * What predicting leaves to the collector: the result, and no more. Scalar kernels make their sums
 * anew for each row, and vectors are objects until they are compiled, so this calls the vector
 * kernels until it sees a call that made no objects.
 */
class PredictMemoryTest {
  /** Bytes of the result, of the lists around it, and of what one call passes on. */
  private static final long FEW = 1024;

  private static final int CALLS = 60_000;

  private final int threads = Parallel.threads();

  @AfterEach
  void restore_the_threads() {
    Parallel.setThreads(threads);
  }

  @Test
  void predicting_makes_no_objects_but_its_result() {
    assumeTrue(KernelChoice.kernels().description().startsWith("vector"));
    KernelChoice.skipFirstCalls();
    Parallel.setThreads(1);
    Layer[] layers = new Layer[11];
    layers[0] = new Conv2D(16, 3, o -> o.inputShape(8, 8, 16));
    for (int i = 1; i < 8; i++) {
      layers[i] = new SeparableConv2D(16, 3, o -> o.padding("same"));
    }
    layers[8] = new MaxPooling2D(2);
    layers[9] = new GlobalAveragePooling2D();
    layers[10] = new Dense(16);
    Model model = new Sequential(layers);
    Tensor x = Tensor.zeros(1, 8, 8, 16);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < CALLS && least > FEW; i++) {
      long before = memory.getCurrentThreadAllocatedBytes();
      model.predict(x);
      least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThanOrEqualTo(FEW);
  }
}
