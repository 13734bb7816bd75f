package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.keras.Keras;
import sepal.kernels.Parallel;
import sepal.models.Model;
import sepal.models.Sequential;

class LearnCommandTest {
  @TempDir Path folder;

  private static Sequential learnt() {
    Glyphs glyphs = Glyphs.draw(800, GlyphModel.SIZE, 2);
    Sequential model = GlyphModel.build(1, 3 * 50);
    model.fit(glyphs.x(), glyphs.y(), o -> o.epochs(3).batchSize(16).seed(1));
    return model;
  }

  /** Guessing would give 8 %. */
  @Test
  void
      a_few_glyphs_teach_it_to_be_right_more_often_than_wrong_and_the_same_bits_on_one_thread_and_on_two() {
    int before = Parallel.threads();
    Parallel.setThreads(1);
    Sequential first;
    try {
      first = learnt();
      Parallel.setThreads(2);
      assertThat(LearnCommand.checksum(learnt())).isEqualTo(LearnCommand.checksum(first));
    } finally {
      Parallel.setThreads(before);
    }
    Glyphs heldOut = Glyphs.draw(480, GlyphModel.SIZE, 3);
    assertThat(first.evaluate(heldOut.x(), heldOut.y()).get("accuracy")).isGreaterThan(0.5);
    assertThat(first.countParams()).isLessThanOrEqualTo(100_000);
  }

  @Test
  void glyphs_are_of_all_kinds_and_depend_on_the_seed_alone() {
    Glyphs glyphs = Glyphs.draw(24, 16, 5);
    assertThat(Glyphs.NAMES).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
    assertThat(glyphs.x().shape().toList()).containsExactly(24, 16, 16, 1);
    assertThat(glyphs.x().floats()).containsExactly(Glyphs.draw(24, 16, 5).x().floats());
    assertThat(glyphs.x().floats()).isNotEqualTo(Glyphs.draw(24, 16, 6).x().floats());
    assertThat(glyphs.y().toFloatArray()).contains(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(glyphs.x().rows(0, 12).floats()).isNotEqualTo(glyphs.x().rows(12, 24).floats());
  }

  @Test
  void learn_tells_each_epoch_and_saves_what_it_learnt() throws Exception {
    List<String> arguments = List.of("learn", "--epochs", "2", "--samples", "96", "--seed", "3");
    Run first = Run.sepal(arguments.toArray());
    Run second = Run.sepal("learn", "--epochs=2", "--samples=96", "--seed=3", "--output=" + folder);
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(first.outLines()).hasSize(6);
    assertThat(first.outLines().get(0))
        .isEqualTo("96 glyphs of 12 kinds to learn from, 24 held out, 32x32 pixels");
    assertThat(first.outLines().get(5)).startsWith("weights ").isEqualTo(second.outLines().get(5));
    assertThat(folder.resolve("glyphs.png")).isNotEmptyFile();
    assertThat(Files.readAllLines(folder.resolve("history.csv"))).hasSize(3);
    Model loaded = Keras.loadModel(folder.resolve("glyphs.keras"));
    assertThat(second.outLines().get(5)).contains(LearnCommand.checksum(loaded));
    assertThat(loaded.isCompiled()).isTrue();
  }

  @Test
  void learn_needs_at_least_one_glyph_of_each_kind() {
    Run run = Run.sepal("learn", "--samples", "11");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errLines().get(0))
        .isEqualTo("sepal: --epochs must be at least 1, --samples at least 12");
  }
}
