package sepal.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sepal.shape.DataFormat;

/**
 * What one measurement gave.
 *
 * @param workload the name of a layer's workload, or of a model's file
 * @param multiplyAdds of all images of the batch
 */
record BenchResult(
    String workload,
    int batch,
    int threads,
    DataFormat dataFormat,
    long multiplyAdds,
    Timing timing) {

  double gflops() {
    return 2e-6 * multiplyAdds / timing.millis();
  }

  double percentOfPeak() {
    return 100 * gflops() / timing.peak();
  }

  double imagesPerSecond() {
    return 1000 * batch / timing.millis();
  }

  /** All results as JSON, with what they were measured on. */
  static String json(List<BenchResult> results, Machine machine) {
    return results.stream()
            .map(BenchResult::json)
            .collect(Collectors.joining(",\n    ", "{\n  \"results\": [\n    ", "\n  ],\n"))
        + "  \"jdk\": "
        + quoted(machine.jdk())
        + ",\n  \"cpu\": "
        + quoted(machine.cpu())
        + ",\n  \"kernel\": "
        + quoted(machine.kernel())
        + "\n}\n";
  }

  private String json() {
    return String.format(
        Locale.ROOT,
        "{\"workload\": %s, \"batch\": %d, \"threads\": %d, \"data_format\": \"%s\","
            + " \"median_ms\": %.6f, \"gflops\": %.3f, \"percent_of_peak\": %.2f}",
        quoted(workload),
        batch,
        threads,
        dataFormat,
        timing.millis(),
        gflops(),
        percentOfPeak());
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
