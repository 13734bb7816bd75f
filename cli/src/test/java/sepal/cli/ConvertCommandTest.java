package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {
  @TempDir private Path folder;

  @Test
  void nothing_is_lost_between_the_formats_of_keras_3() throws IOException {
    Path out = folder.resolve("model.h5");

    Run run = Run.sepal("convert", Recorded.MODELS.resolve("seq_basic.keras"), out);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.outLines())
        .containsExactly(
            "wrote %s, %,d bytes; nothing was left out or changed".formatted(out, Files.size(out)));
  }

  @Test
  void what_is_left_out_is_printed() throws IOException {
    Path out = folder.resolve("model.weights.h5");

    Run run = Run.sepal("convert", Recorded.MODELS.resolve("seq_basic.keras"), out);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.outLines())
        .containsExactly(
            "left out: the configuration of the model",
            "wrote %s, %,d bytes; the rest is as it was".formatted(out, Files.size(out)));
  }

  @Test
  void a_folder_that_is_not_there_is_named() {
    Path out = folder.resolve("missing/model.h5");

    Run run = Run.sepal("convert", Recorded.MODELS.resolve("seq_basic.keras"), out);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(2);
    assertThat(run.errLines().get(0)).isEqualTo("sepal: " + out + ": not saved");
    assertThat(run.errLines().get(1)).contains("got: NoSuchFile: ").contains("fix: save somewhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fer2013_big_XCEPTION.54-0.66.hdf5",
        "fer2013_mini_XCEPTION.102-0.66.hdf5",
        "fer2013_mini_XCEPTION.119-0.65.hdf5",
        "gender_mini_XCEPTION.21-0.95.hdf5",
        "mini_XCEPTION_KDEF.hdf5",
        "tiny_XCEPTION_KDEF.hdf5"
      })
  void a_published_model_predicts_the_same_bytes_after_it(String name) throws IOException {
    Path model = Recorded.SHARED.resolve("models").resolve(name);
    if (!Files.exists(model)) {
      String skipped = "SKIPPED: " + name + ", since " + Recorded.SHARED + " is not there";
      System.err.println(skipped);
      Assumptions.abort(skipped);
    }
    Path real = Recorded.SHARED.resolve("golden/real");
    Path face =
        Files.list(real).filter(f -> f.toString().endsWith(".png")).sorted().findFirst().get();
    Path out = folder.resolve("out.keras");

    assertThat(Run.sepal("convert", model, out).status()).isZero();

    Path before = folder.resolve("before.npy");
    Path after = folder.resolve("after.npy");
    Run.sepal("predict", model, face, "--preprocess", "tf", "--output", before);
    Run.sepal("predict", out, face, "--preprocess", "tf", "--output", after);
    assertThat(after).hasSameBinaryContentAs(before);
  }
}
