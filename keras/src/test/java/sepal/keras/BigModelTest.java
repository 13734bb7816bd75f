package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models that nearly fill the memory are saved and loaded. {@code -Dsepal.megabytes=500} makes the
 * one of many layers larger; the time that all of them take is printed.
 */
class BigModelTest {
  private static final int MEGABYTES = Integer.getInteger("sepal.megabytes", 128);

  /** What Java and the configuration of a model take. */
  private static final int BASE = 12;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "xception, 84, .keras",
    "dense, 0, .keras",
    "dense, 0, .h5",
    "one, 100, .keras",
    "one, 100, .h5"
  })
  void saving_and_loading_take_little_more_memory_than_the_weights(
      String kind, int size, String extension) throws Exception {
    Path file = directory.resolve("big" + extension);
    int megabytes = size == 0 ? MEGABYTES : size;

    // A single random weight is made of numbers of twice its size.
    int toMake = kind.equals("one") ? 4 * megabytes : megabytes;
    run(toMake, "save", kind, "" + megabytes, file.toString());
    run(megabytes, "load", file.toString());
  }

  private static void run(int megabytes, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + (megabytes * 13 / 10 + BASE) + "m");
    command.add("-XX:+UseSerialGC");
    command.add("-Xmn8m"); // the rest of it may become one array
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(BigModels.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print(output);
    assertThat(process.waitFor()).as(String.join(" ", arguments) + "\n" + output).isZero();
  }
}
