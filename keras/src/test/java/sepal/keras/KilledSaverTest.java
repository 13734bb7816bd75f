package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.layers.Weight;
import sepal.models.Model;

/** Processes that die while they save leave the old model or the new one. */
class KilledSaverTest {
  private static final int MOMENTS = Integer.getInteger("sepal.moments", 200);
  private static final int AT_ONCE = 2;

  @TempDir private Path directory;

  @Test
  void processes_that_die_at_seeded_moments_leave_readable_files() throws Exception {
    long seed = 20;
    long steps = stepsOfSaving();
    Random random = new Random(seed);
    List<Long> moments = new ArrayList<>();
    for (long last = steps - 8; last <= steps; last++) { // force, replace, force the directory
      moments.add(last);
    }
    while (moments.size() < MOMENTS) {
      moments.add((long) (random.nextDouble() * steps));
    }
    Set<Float> found = new HashSet<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Float>> results = new ArrayList<>();
      for (long moment : moments) {
        results.add(threads.submit(() -> valueAfterDeath(moment, moment == steps ? 0 : 137)));
      }
      for (int i = 0; i < MOMENTS; i++) {
        float value = results.get(i).get(5, TimeUnit.MINUTES);
        assertThat(value).as("seed %d, step %d", seed, moments.get(i)).isIn(1f, 2f);
        found.add(value);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(found).as("some died before the new file was there, some after").hasSize(2);
  }

  /** Counted where no other test has made layers, since these are numbered. */
  private long stepsOfSaving() throws Exception {
    Path file = directory.resolve("counted.keras");
    Process process = start(file, Long.toString(Long.MAX_VALUE)).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return Files.size(file) + 5;
  }

  private float valueAfterDeath(long moment, int expected) {
    try {
      Path file = Files.createTempDirectory(directory, "m").resolve("model.keras");
      Keras.saveModel(KilledSaver.model(1), file);
      Process process = start(file, Long.toString(moment)).inheritIO().start();
      assertThat(process.waitFor()).isEqualTo(expected);
      return valueIn(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_process_that_is_killed_from_outside_leaves_a_readable_file() throws Exception {
    Random random = new Random(21);
    for (int i = 0; i < 5; i++) {
      Path file = directory.resolve("outside" + i + ".keras");
      Process process = start(file, "never").redirectError(ProcessBuilder.Redirect.INHERIT).start();
      int saved = 1 + random.nextInt(20);
      try (var lines = process.inputReader()) {
        for (int line = 0; line < saved; line++) {
          assertThat(lines.readLine()).isNotNull();
        }
        long pause = random.nextInt(20_000_000);
        for (long end = System.nanoTime() + pause; System.nanoTime() < end; ) {
          Thread.onSpinWait();
        }
        process.destroyForcibly();
      }
      process.waitFor();
      assertThat(valueIn(file)).isGreaterThanOrEqualTo(1 + saved);
    }
  }

  private static ProcessBuilder start(Path file, String moment) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        KilledSaver.class.getName(),
        file.toString(),
        moment);
  }

  /** The one value that all weights have; the model is read as any other is. */
  private static float valueIn(Path file) throws IOException {
    Model model = Keras.loadModel(file);
    Set<Float> values = new HashSet<>();
    for (Weight weight : model.weights()) {
      for (float value : weight.value().floats()) {
        values.add(value);
      }
    }
    assertThat(values).hasSize(1);
    return values.iterator().next();
  }
}
