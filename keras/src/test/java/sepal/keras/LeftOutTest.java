package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.layers.Dense;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

/** What a file has and a model has not, or the other way round, is said once, in words. */
class LeftOutTest {
  private static final Path MODELS = Path.of("../testkit/src/test/resources/golden/models");

  @TempDir private Path directory;

  /** A file as Keras 2 wrote it, of a model that was trained. */
  private Path fileOfKeras2() throws IOException {
    Model model = new Sequential("m", new Dense(1, o -> o.name("d").inputShape(2)));
    model.compile("adam", "mse");
    model.fit(Tensor.zeros(4, 2), Tensor.zeros(4, 1), o -> o.epochs(1));
    Hdf5Tree tree = LegacyTree.model(model);
    tree.text("keras_version", "2.2.4");
    tree.group("model_weights").bytes("keras_version", "2.2.4");
    Path file = directory.resolve("keras2.h5");
    try (var out = Files.newOutputStream(file)) {
      new Hdf5Writer(tree).writeTo(out);
    }
    return file;
  }

  @Test
  void the_optimizer_of_a_keras_2_file_starts_afresh_and_says_so() throws IOException {
    Path file = fileOfKeras2();
    List<String> told = new ArrayList<>();

    Model model = Keras.loadModel(file, o -> o.onSkipped(told::add));

    assertThat(told)
        .containsExactly(
            """
            %s: skipped: the optimizer's variables; it starts afresh
              got:      6 variables of Keras 2
              expected: those of Keras 3"""
                .formatted(file));
    assertThat(model.trainer().optimizer().iterations()).isZero();
  }

  @Test
  void nothing_is_said_where_the_optimizer_is_not_wanted() throws IOException {
    List<String> told = new ArrayList<>();

    Keras.loadModel(fileOfKeras2(), o -> o.compile(false).onSkipped(told::add));

    assertThat(told).isEmpty();
  }

  @Test
  void an_optimizer_with_other_variables_starts_afresh_and_says_so() throws IOException {
    Path weights = MODELS.resolve("fitted_adam.weights.h5");
    Model model = Keras.loadModel(MODELS.resolve("fitted_sgd_momentum.keras"));
    List<String> told = new ArrayList<>();

    Keras.loadWeights(model, weights, o -> o.onSkipped(told::add));

    assertThat(told)
        .containsExactly(
            """
            %s: skipped: the optimizer's variables; it starts afresh
              got:      16 variables
              expected: 9 for SGD"""
                .formatted(weights));
  }

  @Test
  void assets_that_no_layer_reads_are_named() throws IOException {
    Path changed = directory.resolve("assets.keras");
    try (ZipFile zip = new ZipFile(MODELS.resolve("seq_basic.keras").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        zip.getInputStream(entry).transferTo(out);
      }
      out.putNextEntry(new ZipEntry("assets/words.txt"));
    }
    List<String> told = new ArrayList<>();

    Keras.loadModel(changed, o -> o.onSkipped(told::add));

    assertThat(told)
        .containsExactly(
            "%s: skipped: what no layer here reads\n  got:      assets/words.txt"
                .formatted(changed));
  }
}
