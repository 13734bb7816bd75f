package sepal.keras;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sepal.callbacks.CheckpointStore;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.models.Model;

/** The files that {@code ModelCheckpoint} writes, as safely as {@link Keras#saveModel}. */
public final class CheckpointFiles implements CheckpointStore {
  /** For {@code ServiceLoader}. */
  public CheckpointFiles() {}

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the layer is no model
   * @throws UncheckedIOException if the file cannot be written; an old one is as it was then
   */
  @Override
  public void save(Layer layer, String path, boolean weightsOnly) {
    if (!(layer instanceof Model model)) {
      throw Problem.in(layer.toString(), "only models are saved to files")
          .got(layer.className())
          .expected("Sequential or Functional")
          .asInvalidArgument();
    }
    Path file = Path.of(path);
    try {
      Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
      if (weightsOnly) {
        Keras.saveWeights(model, file);
      } else {
        Keras.saveModel(model, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
