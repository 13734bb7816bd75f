package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

class WarmingKernelsTest {
  private static final int CASES = 300;

  @ParameterizedTest
  @EnumSource
  void plain_loops_compute_the_bits_of_the_vector_kernels(Agreement.Method method) {
    Kernels vector = VectorPath.require("comparing plain loops with vectors, " + method);
    WarmingKernels plain = new WarmingKernels(() -> vector, Long.MAX_VALUE);
    for (long seed = 0; seed < CASES; seed++) {
      float[] expected = Agreement.output(method, vector, seed);
      assertThat(Agreement.output(method, plain, seed))
          .as("%s, seed %d", method, seed)
          .containsExactly(expected);
    }
    assertThat(plain.isWarm()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void every_workload_has_the_same_bits_in_plain_loops(DataFormat format) {
    Kernels vector = VectorPath.require("comparing plain loops with vectors, workloads");
    WarmingKernels plain = new WarmingKernels(() -> vector, Long.MAX_VALUE);
    for (Workload workload : Workload.all()) {
      ConvGeometry geometry = workload.shrunk(1_000_000).geometry(2, format);
      assertThat(separable(plain, workload, geometry))
          .as("%s, %s", workload, format)
          .containsExactly(separable(vector, workload, geometry));
    }
  }

  private static float[] separable(Kernels kernels, Workload workload, ConvGeometry geometry) {
    Random random = new Random(5);
    int between = geometry.channels() * workload.multiplier();
    float[] x = values(random, geometry.input().size());
    float[] depthwise = values(random, geometry.window().size().product() * between);
    float[] matrix = values(random, between * geometry.filters());
    float[] bias = values(random, geometry.filters());
    PackedKernel packed = kernels.pack(matrix, between, geometry.filters(), 1);
    float[] y = new float[geometry.output().size()];
    kernels.separableConv2d(
        x, 0, depthwise, workload.multiplier(), packed, bias, Clamp.RELU, y, 0, geometry);
    return y;
  }

  private static DataFormat format(ConvGeometry geometry) {
    return geometry.dataFormat();
  }

  private static float[] values(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void the_switch_to_vectors_changes_no_bits(DataFormat format) throws Exception {
    Kernels vector = VectorPath.require("the switch from plain loops to vectors");
    WarmingKernels warming = new WarmingKernels(() -> vector, 1);
    Workload workload = Workload.all().get(0).shrunk(300_000);
    ConvGeometry geometry = workload.geometry(1, format);
    Random random = new Random(6);
    float[] x = values(random, geometry.input().size());
    int between = workload.between();
    float[] depthwise = values(random, geometry.window().size().product() * between);
    float[] matrix = values(random, between * geometry.filters());
    PackedKernel packed = warming.pack(matrix, between, geometry.filters(), 1);
    float[] expected = null;
    boolean warm = false;
    for (int calls = 0; !warm; calls++) {
      warm = warming.isWarm(); // then this call is the first that vectors surely compute
      float[] y = new float[geometry.output().size()];
      warming.separableConv2d(
          x, 0, depthwise, workload.multiplier(), packed, null, Clamp.NONE, y, 0, geometry);
      expected = expected == null ? y : expected;
      assertThat(y).as("call %d", calls).containsExactly(expected);
    }
    assertThat(packed.matrix).as("what the plain loops read").isNull();
  }

  @Test
  void gradients_end_the_first_calls() {
    Kernels vector = VectorPath.require("that training takes vectors");
    WarmingKernels warming = new WarmingKernels(() -> vector, Long.MAX_VALUE);
    PackedKernel before = warming.pack(new float[] {2}, 1, 1, 1);

    warming.packForGradient(new float[] {2}, 1, 1, 1);

    assertThat(warming.isWarm()).isTrue();
    float[] y = new float[1];
    warming.dense(new float[] {3}, 0, 1, before, new float[] {1}, Clamp.NONE, y, 0);
    assertThat(y).containsExactly(7);
    assertThat(warming.pack(new float[] {2}, 1, 1, 1).plain).isFalse();
  }

  @Test
  void infinite_weights_are_left_to_the_kernels_that_follow() {
    Kernels vector = VectorPath.require("infinite weights in the first calls");
    WarmingKernels warming = new WarmingKernels(() -> vector, Long.MAX_VALUE);
    float[] matrix = {Float.POSITIVE_INFINITY, 1};
    PackedKernel packed = warming.pack(matrix, 1, 2, 1);
    float[] y = new float[2];
    warming.dense(new float[] {2}, 0, 1, packed, null, Clamp.NONE, y, 0);
    assertThat(y).containsExactly(Float.POSITIVE_INFINITY, 2);
  }
}
