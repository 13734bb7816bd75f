package sepal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Workload;

/** The lines of {@link PeerRun} as tables in Markdown: medians over the processes, in GFLOP/s. */
public final class PeerTable {
  private static final String SEPAL = "sepal";
  private static final Set<String> RUNTIMES = Set.of("onnxruntime", "tensorflow");

  private record Setting(int batch, int threads) implements Comparable<Setting> {
    @Override
    public int compareTo(Setting other) {
      return batch != other.batch
          ? Integer.compare(batch, other.batch)
          : Integer.compare(threads, other.threads);
    }
  }

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<Setting, Map<String, Map<String, List<Double>>>> gflops = new TreeMap<>();
  private final Set<String> remarks = new TreeSet<>();
  private final List<Workload> workloads = Workload.all();
  private final Step step;

  private PeerTable(Step step) {
    this.step = step;
  }

  /**
   * @param arguments a file of lines of {@link PeerRun}; {@code forward} or {@code training}
   */
  public static void main(String[] arguments) throws IOException {
    System.out.print(of(Files.readAllLines(Path.of(arguments[0])), Step.of(arguments[1])));
  }

  static String of(List<String> lines, Step step) {
    PeerTable table = new PeerTable(step);
    lines.forEach(table::read);
    StringBuilder text = new StringBuilder();
    table.gflops.forEach((setting, rows) -> text.append(table.table(setting, rows)).append('\n'));
    if (!table.remarks.isEmpty()) {
      text.append("Not measured:\n\n");
      table.remarks.forEach(remark -> text.append("- ").append(remark).append('\n'));
    }
    return text.toString();
  }

  private void read(String line) {
    String[] fields = line.split("\t");
    if (fields.length > 2 && fields[0].equals("@")) {
      switch (fields[1]) {
        case "name" -> names.put(fields[2], fields[3]);
        case "absent" -> remarks.add(fields[2] + ": " + fields[3]);
        case "failed", "wrong" ->
            remarks.add(name(fields[3]) + ", " + fields[4] + ": " + fields[1] + ", " + fields[2]);
        case "time" -> {
          Setting setting = new Setting(Integer.parseInt(fields[5]), Integer.parseInt(fields[6]));
          double millis = Double.parseDouble(fields[2].split(" ")[0]);
          gflops
              .computeIfAbsent(setting, s -> new LinkedHashMap<>())
              .computeIfAbsent(fields[4], w -> new LinkedHashMap<>())
              .computeIfAbsent(fields[3], p -> new ArrayList<>())
              .add(2e-6 * step.work * setting.batch * workload(fields[4]).multiplyAdds() / millis);
        }
        default -> {}
      }
    }
  }

  private String name(String key) {
    return names.getOrDefault(key, key);
  }

  private Workload workload(String name) {
    return workloads.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
  }

  private String table(Setting setting, Map<String, Map<String, List<Double>>> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s, batch %d, %d thread%s:%n%n",
            step.title, setting.batch, setting.threads, setting.threads == 1 ? "" : "s"));
    row(text, "", names.values(), List.of("Sepal / best", "Sepal / best runtime"));
    text.append("|---").append("|---:".repeat(names.size() + 2)).append("|\n");
    List<Double> toBest = new ArrayList<>();
    List<Double> toRuntimes = new ArrayList<>();
    rows.forEach(
        (workload, cells) -> {
          Map<String, Double> medians = new LinkedHashMap<>();
          cells.forEach((key, values) -> medians.put(key, median(values)));
          List<String> figures =
              names.keySet().stream().map(key -> figure(medians.get(key), "%.1f")).toList();
          Double best = ratio(medians, names.keySet());
          Double runtimes = ratio(medians, RUNTIMES);
          add(toBest, best);
          add(toRuntimes, runtimes);
          row(text, workload, figures, List.of(figure(best, "%.2f"), figure(runtimes, "%.2f")));
        });
    List<String> blank = names.keySet().stream().map(key -> "").toList();
    List<String> means =
        List.of(figure(geometricMean(toBest), "%.2f"), figure(geometricMean(toRuntimes), "%.2f"));
    row(text, "geometric mean", blank, means);
    return text.toString();
  }

  private static void row(
      StringBuilder text, String head, Iterable<String> cells, List<String> ratios) {
    text.append("| ").append(head).append(" | ");
    text.append(String.join(" | ", cells)).append(" | ");
    text.append(String.join(" | ", ratios)).append(" |\n");
  }

  private static void add(List<Double> ratios, @Nullable Double ratio) {
    if (ratio != null) {
      ratios.add(ratio);
    }
  }

  /** Sepal's figure divided by the best of the others, or null where one is missing. */
  private static @Nullable Double ratio(Map<String, Double> medians, Set<String> peers) {
    Double sepal = medians.get(SEPAL);
    double best =
        medians.entrySet().stream()
            .filter(entry -> peers.contains(entry.getKey()) && !entry.getKey().equals(SEPAL))
            .collect(Collectors.summarizingDouble(Map.Entry::getValue))
            .getMax();
    return sepal == null || best <= 0 ? null : sepal / best;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    return (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
  }

  private static @Nullable Double geometricMean(List<Double> values) {
    return values.isEmpty()
        ? null
        : Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
  }

  private static String figure(@Nullable Double value, String format) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
