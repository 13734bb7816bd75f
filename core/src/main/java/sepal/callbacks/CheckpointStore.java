package sepal.callbacks;

import sepal.layers.Layer;

/**
 * Where {@link ModelCheckpoint} puts models. The one for files is found by {@link
 * java.util.ServiceLoader}.
 */
@FunctionalInterface
public interface CheckpointStore {
  /**
   * @param path the filled-in path of the checkpoint
   * @param weightsOnly whether the configuration may be left out
   */
  void save(Layer model, String path, boolean weightsOnly);
}
