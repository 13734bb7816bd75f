package sepal.benchmarks;

import java.util.List;

/**
 * A library that computes separable convolutions with bias and ReLU, and maybe whole models. Has a
 * constructor without arguments.
 */
public interface Peer {
  /** Name and version. */
  String name();

  /**
   * The layer with its input in place, once for each way that might be this library's fastest.
   *
   * @param threads how many threads may compute
   * @throws Exception if the library cannot compute such a layer
   */
  List<Prepared> prepare(LayerData data, int threads) throws Exception;

  /**
   * The model with its input in place, as {@link #prepare(LayerData, int)}.
   *
   * @throws UnsupportedOperationException unless overridden
   */
  default List<Prepared> prepare(ModelData data, int threads) throws Exception {
    throw new UnsupportedOperationException("whole models are not tried with this library");
  }

  /** A layer or a model ready to run. */
  interface Prepared extends AutoCloseable {
    /** What distinguishes this way from the library's others. */
    String mode();

    /** Computes the output once. */
    void run() throws Exception;

    /** The output of the last run, channels last: {@code (batch, newH, newW, filters)}. */
    float[] output() throws Exception;

    @Override
    default void close() throws Exception {}
  }
}
