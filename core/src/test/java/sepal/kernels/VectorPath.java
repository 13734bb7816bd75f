package sepal.kernels;

import org.junit.jupiter.api.Assumptions;

/** Where a test needs the vector kernels. */
final class VectorPath {
  private VectorPath() {}

  /** The vector kernels; without the vector module the test is left out, loudly. */
  static Kernels require(String what) {
    if (KernelChoice.vector().isEmpty()) {
      System.err.println(
          "NOT TESTED, module jdk.incubator.vector is missing (--add-modules): " + what);
    }
    Assumptions.assumeTrue(
        KernelChoice.vector().isPresent(), "module jdk.incubator.vector is missing");
    return KernelChoice.vector().orElseThrow();
  }
}
