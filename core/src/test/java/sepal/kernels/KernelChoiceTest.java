package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  private final List<String> lines = new ArrayList<>();
  private final System.Logger logger =
      new System.Logger() {
        @Override
        public String getName() {
          return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
          return true;
        }

        @Override
        public void log(
            Level level, @Nullable ResourceBundle bundle, String line, @Nullable Throwable thrown) {
          lines.add(level + " " + line);
        }

        @Override
        public void log(
            Level level, @Nullable ResourceBundle bundle, String line, Object... arguments) {
          lines.add(level + " " + line);
        }
      };

  @Test
  void the_vector_path_runs_where_the_module_is_present() {
    Kernels vector = VectorPath.require("that the vector kernels are chosen, and compute");
    assertThat(System.getProperty("sepal.kernels")).as("tests force no kernels").isNull();
    assertThat(KernelChoice.kernels()).isInstanceOf(WarmingKernels.class);
    assertThat(((WarmingKernels) KernelChoice.kernels()).skip()).isSameAs(vector);
    assertThat(VectorKernels.bits()).isGreaterThanOrEqualTo(128);
    PackedKernel packed = vector.pack(new float[64 * 64], 64, 64, 1);
    assertThat(packed.plain).as("laid out for the scalar kernels").isFalse();
  }

  @Test
  void the_choice_is_logged_with_its_reason_when_it_computes_for_the_first_time() {
    VectorPath.require("the log line about vectors");
    Kernels kernels = KernelChoice.choose(null, true, () -> logger);
    kernels.pack(new float[] {1}, 1, 1, 1);
    assertThat(lines).isEmpty();
    kernels.packForGradient(new float[] {1}, 1, 1, 1);
    kernels.packForGradient(new float[] {1}, 1, 1, 1);
    assertThat(lines)
        .containsExactly(
            "INFO kernels: " + kernels.description() + " (module jdk.incubator.vector is present)");
    assertThat(kernels.description()).matches("vector, (128|256|512) bits, FMA");
  }

  @Test
  void without_the_module_the_log_tells_the_flag() {
    assertThat(KernelChoice.choose(null, false, () -> logger)).isSameAs(KernelChoice.scalar());
    assertThat(lines)
        .containsExactly(
            "WARNING kernels: scalar, several times slower than vectors; start Java with"
                + " --add-modules jdk.incubator.vector");
  }

  @Test
  void the_property_forces_the_scalar_kernels() {
    assertThat(KernelChoice.choose("scalar", true, () -> logger)).isSameAs(KernelChoice.scalar());
    assertThat(lines).containsExactly("INFO kernels: scalar (forced by sepal.kernels)");
  }

  @Test
  void forcing_vectors_without_the_module_tells_the_flag() {
    assertThatThrownBy(() -> KernelChoice.choose("vector", false, () -> logger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            system property sepal.kernels: the vector module is missing
              got:      sepal.kernels=vector
              expected: a Java process with module jdk.incubator.vector
              fix:      start Java with --add-modules jdk.incubator.vector, or leave out the property""");
  }

  @Test
  void an_unknown_name_of_kernels_is_refused() {
    assertThatThrownBy(() -> KernelChoice.choose("vektor", true, () -> logger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            system property sepal.kernels: unknown kernels
              got:      sepal.kernels=vektor (did you mean "vector"?)
              expected: scalar or vector""");
  }
}
