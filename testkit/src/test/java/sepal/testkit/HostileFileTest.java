package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * Damages files at random, with known seeds, and reads them in a process with little memory. Each
 * must be read, or refused in words, within ten seconds.
 */
class HostileFileTest {
  private static final Path MODELS = Path.of("src/test/resources/golden/models");
  private static final Path SHARED =
      Path.of(System.getProperty("sepal.root", "..")).resolve("../shared").normalize();

  @TempDir Path folder;

  @Test
  void twelve_hundred_damaged_copies_of_recorded_models_are_read_or_refused() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(MODELS)) {
      all.filter(file -> !file.toString().endsWith(".json")).sorted().forEach(files::add);
    }
    assertThat(files).hasSize(42);

    String summary = run(20_000, 1200, files);

    assertThat(summary).contains("1200 files");
  }

  @Test
  void three_hundred_damaged_copies_of_published_models_are_read_or_refused() throws Exception {
    Path models = SHARED.resolve("models");
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

    String summary = run(50_000, 300, files);

    assertThat(summary).contains("300 files");
  }

  /** Runs {@link DamagedFiles} and gives its last line. */
  private String run(long seed, int count, List<Path> files) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(DamagedFiles.class.getName());
    command.add(folder.toString());
    command.add(Long.toString(seed));
    command.add(Integer.toString(count));
    files.forEach(file -> command.add(file.toString()));
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = tail(log);
    assertThat(ended).as("the process ended\n" + output).isTrue();
    assertThat(process.exitValue()).as("exit status\n" + output).isZero();
    return output.strip().lines().reduce("", (first, last) -> last);
  }

  private static String tail(Path log) throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 20_000));
  }
}
