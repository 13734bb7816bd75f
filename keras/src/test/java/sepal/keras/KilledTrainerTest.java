package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.callbacks.BackupAndRestore;
import sepal.layers.SeedGenerator;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/** Processes that die while they train, and others that take over. */
class KilledTrainerTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 2", "3, 1000"})
  void a_training_that_dies_again_and_again_arrives_at_the_same_bits(long seed, int saveFreq)
      throws Exception {
    Path whole = directory.resolve("whole.keras");
    assertThat(train(directory.resolve("unused.h5"), saveFreq, 0, whole)).isZero();

    Random random = new Random(seed);
    Path backup = directory.resolve("backup.h5");
    Path trained = directory.resolve("trained.keras");
    int deaths = 0;
    while (!Files.exists(trained)) {
      // Enough to get past an epoch, or a training would never end.
      int batches = KilledTrainer.BATCHES + 1 + random.nextInt(KilledTrainer.BATCHES);
      int status = train(backup, saveFreq, batches, trained);
      assertThat(status).as("seed %d", seed).isIn(0, 137);
      assertThat(Files.exists(backup)).as("seed %d", seed).isNotEqualTo(Files.exists(trained));
      deaths += status == 137 ? 1 : 0;
    }
    assertThat(deaths).as("seed %d", seed).isGreaterThanOrEqualTo(2);
    assertSameWeights(Keras.loadModel(trained), Keras.loadModel(whole));
  }

  /** The exit status of a process that trains until it is done or dies. */
  private static int train(Path backup, int saveFreq, int batches, Path trained) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            KilledTrainer.class.getName(),
            backup.toString(),
            Integer.toString(saveFreq),
            Integer.toString(batches),
            trained.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD) // it warns of slow kernels
        .start()
        .waitFor();
  }

  private static void assertSameWeights(Model model, Model expected) {
    List<Tensor> weights = model.getWeights();
    for (int i = 0; i < weights.size(); i++) {
      assertThat(weights.get(i).floats())
          .as(model.weights().get(i).path())
          .containsExactly(expected.getWeights().get(i).floats());
    }
  }

  @Test
  void a_backup_is_read_as_it_was_written() {
    BackupFile file = new BackupFile(directory.resolve("backup.h5"));
    assertThat(file.read()).isNull();
    BackupAndRestore.State state =
        new BackupAndRestore.State(
            new Callback.Position(3, 7),
            List.of(
                Tensor.of(new float[] {1, -0f, Float.MIN_VALUE}, 3),
                Tensor.full(DType.FLOAT64, Shape.of(1, 2), 0.1)),
            List.of(Tensor.wrap(new int[] {5}, Shape.of()), Tensor.scalar(0.1f)),
            List.of(
                new SeedGenerator.State(Long.MIN_VALUE, Long.MAX_VALUE),
                new SeedGenerator.State(-1, 0)));
    file.write(state);
    BackupAndRestore.State read = file.read();
    assertThat(read).isNotNull();
    assertThat(read.next()).isEqualTo(state.next());
    assertThat(read.seeds()).isEqualTo(state.seeds());
    assertThat(read.weights())
        .extracting(Tensor::array)
        .containsExactlyElementsOf(arrays(state.weights()));
    assertThat(read.optimizer())
        .extracting(Tensor::array)
        .containsExactlyElementsOf(arrays(state.optimizer()));
    file.delete();
    assertThat(file.read()).isNull();
  }

  private static List<Object> arrays(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::array).toList();
  }

  @Test
  void a_file_that_is_no_backup_is_refused_and_left_alone() throws IOException {
    Path file = directory.resolve("model.weights.h5");
    Keras.saveWeights(KilledSaver.model(1), file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> KilledTrainer.train(new BackupAndRestore(new BackupFile(file))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            %s: not a backup of a training
              got:      no attribute "training"
              fix:      name another file; this one is left as it is""",
            file);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }
}
