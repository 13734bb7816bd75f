package sepal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A fresh process up to its first result, for {@code benchmarks/cold}: what the libraries share.
 * Needs none of them.
 */
public final class FirstResult {
  private FirstResult() {}

  /** An input that is the same in every layout. */
  public static float[] input(int size) {
    float[] x = new float[size];
    Arrays.fill(x, 0.5f);
    return x;
  }

  /** Prints milliseconds since the start, peak memory in MB, and the root of the sum of squares. */
  public static void report(String start, float[] y) throws IOException {
    double millis = System.currentTimeMillis() - 1000 * Double.parseDouble(start);
    double squares = 0;
    for (float value : y) {
      squares += value * value;
    }
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    double megabytes = Integer.parseInt(peak.replaceAll("\\D", "")) / 1000.0; // it counts in kB
    System.out.printf(Locale.ROOT, "@\t%.0f\t%.0f\t%.3g%n", millis, megabytes, Math.sqrt(squares));
  }
}
