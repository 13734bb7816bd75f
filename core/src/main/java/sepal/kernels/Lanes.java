package sepal.kernels;

import jdk.incubator.vector.VectorShape;

/**
 * How many floats a vector holds, for plain loops that compute like vectors: asking {@link Gemm}
 * would load the classes of vectors, which takes long in a process that starts.
 */
final class Lanes {
  static final int COUNT = VectorShape.preferredShape().vectorBitSize() / Float.SIZE;

  private Lanes() {}
}
