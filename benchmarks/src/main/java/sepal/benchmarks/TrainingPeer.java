package sepal.benchmarks;

import java.util.List;

/** A library that computes gradients, too. */
public interface TrainingPeer extends Peer {
  /**
   * The layer with its input and the gradient by its output in place, once for each way that might
   * be this library's fastest. {@link Prepared#run} computes the output and all gradients, from
   * weights that may have changed since the last run: what is derived from them is derived anew.
   *
   * @param threads how many threads may compute
   * @throws Exception if the library cannot train such a layer
   */
  List<Trained> prepareTraining(LayerData data, int threads) throws Exception;

  /** A training step ready to run. */
  interface Trained extends Prepared {
    /** The gradients of the last run. */
    LayerGradients gradients() throws Exception;
  }
}
