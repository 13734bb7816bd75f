package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.keras.Keras;

/**
 * Damages files of every format at random, with known seeds, and reads them in a process with
 * little memory. Each must be read, or refused in words, within ten seconds, and nothing may be
 * left behind.
 */
class HostileFileTest {
  /** What earlier runs found, or somebody thought of: small files that once did harm. */
  private static final Path FOUND = Path.of("src/test/resources/hostile");

  private static final int MUTATIONS = Integer.getInteger("sepal.mutations", 1500);
  private static final long SEED = Long.getLong("sepal.seed", 1_000_000);

  @TempDir private Path folder;

  @Test
  void damaged_copies_of_files_of_every_format_are_read_or_refused() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Recorded.MODELS)) {
      all.sorted().forEach(files::add);
    }
    assertThat(files).hasSize(56);

    assertThat(run(SEED, MUTATIONS, "all", files)).contains(MUTATIONS + " files");
  }

  @Test
  void damaged_copies_of_published_models_are_read_or_refused() throws Exception {
    Path models = Recorded.SHARED.resolve("models");
    if (!Files.isDirectory(models)) {
      System.err.println("SKIPPED: damaged copies of real models, no folder " + models);
    }
    Assumptions.assumeTrue(Files.isDirectory(models), "no folder " + models);
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(models)) {
      all.filter(file -> file.toString().matches(".*\\.(h5|hdf5|keras)"))
          .sorted()
          .forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThan(5);

    assertThat(run(50_000, 300, "given", files)).contains("300 files");
  }

  static List<Path> found() throws IOException {
    try (Stream<Path> files = Files.list(FOUND)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("found")
  void a_file_that_once_did_harm_is_refused_in_words(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(".json")) {
      assertThatThrownBy(() -> Keras.modelFromJson(Files.readString(file)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the model's JSON")
          .message()
          .hasSizeLessThan(2500);
      return;
    }
    boolean isModel = name.matches(".*\\.(keras|h5)");
    Run run =
        isModel
            ? Run.sepal("summary", file)
            : Run.sepal("predict", DamagedFiles.modelForPictures(folder), file);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(name).doesNotContain("unexpected", "out of memory");
  }

  /** Runs {@link DamagedFiles} and gives its last line. */
  private String run(long seed, int count, String which, List<Path> files) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("temporary")));
    command.add("-Duser.home=" + Files.createDirectory(folder.resolve("home")));
    command.add("-Djava.awt.headless=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(DamagedFiles.class.getName());
    command.add(folder.toString());
    command.add(Long.toString(seed));
    command.add(Integer.toString(count));
    command.add(which);
    files.forEach(file -> command.add(file.toString()));
    Path log = folder.resolve("home/log.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("KERAS_HOME");
    Process process = builder.redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(10 + count / 100, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(log);
    output = output.substring(Math.max(0, output.length() - 20_000));
    System.out.print(output);
    assertThat(ended).as("the process ended\n" + output).isTrue();
    assertThat(process.exitValue()).as("exit status\n" + output).isZero();
    return output.strip().lines().reduce("", (first, last) -> last);
  }
}
