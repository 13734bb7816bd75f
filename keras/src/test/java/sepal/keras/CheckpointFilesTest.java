package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.callbacks.ModelCheckpoint;
import sepal.layers.Dense;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

/** A path is all that checkpoints in files need. */
class CheckpointFilesTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4}, 4, 1);
  private static final Tensor Y = Tensor.of(new float[] {2, 4, 6, 8}, 4, 1);

  @TempDir private Path directory;

  private static Model compiled() {
    Model model = new Sequential(new Dense(1, o -> o.inputShape(1)));
    model.compile("adam", "mse");
    return model;
  }

  @Test
  void each_epoch_leaves_a_model_that_goes_on_to_the_same_bits() throws IOException {
    Model model = compiled();
    String path = directory.resolve("made/at/need/m-{epoch:02d}.keras").toString();
    model.fit(X, Y, o -> o.epochs(3).shuffle(false).callbacks(new ModelCheckpoint(path)));

    Model second = Keras.loadModel(directory.resolve("made/at/need/m-02.keras"));
    second.fit(X, Y, o -> o.epochs(1).shuffle(false));

    assertThat(second.getWeights().get(0).floats())
        .containsExactly(model.getWeights().get(0).floats());
    Model third = Keras.loadModel(directory.resolve("made/at/need/m-03.keras"));
    assertThat(third.predict(X).floats()).containsExactly(model.predict(X).floats());
  }

  @Test
  void weights_alone_go_to_a_weights_file() throws IOException {
    Model model = compiled();
    Path file = directory.resolve("best.weights.h5");
    ModelCheckpoint best =
        new ModelCheckpoint(
            file.toString(), c -> c.monitor("loss").saveBestOnly(true).saveWeightsOnly(true));
    model.fit(X, Y, o -> o.epochs(2).callbacks(best));

    Model other = compiled();
    Keras.loadWeights(other, file);

    assertThat(other.predict(X).floats()).containsExactly(model.predict(X).floats());
  }

  @Test
  void a_place_that_cannot_be_written_ends_the_training_with_its_name() throws IOException {
    Path inTheWay = Files.writeString(directory.resolve("file"), "");
    Model model = compiled();

    assertThatThrownBy(
            () ->
                model.fit(
                    X,
                    Y,
                    o -> o.callbacks(new ModelCheckpoint(inTheWay.resolve("m.keras").toString()))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(inTheWay.toString());
    assertThat(List.of(directory.toFile().list())).containsExactly("file");
  }
}
