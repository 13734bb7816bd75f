package sepal.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lines of {@link PeerRun} as tables in Markdown: medians over the processes. */
public final class PeerTable {
  private static final String SEPAL = "sepal";
  private static final Set<String> RUNTIMES = Set.of("onnxruntime", "tensorflow");

  private record Setting(boolean models, int batch, int threads) implements Comparable<Setting> {
    private static final Comparator<Setting> ORDER =
        Comparator.comparing(Setting::models)
            .thenComparing(Setting::batch)
            .thenComparing(Setting::threads);

    @Override
    public int compareTo(Setting other) {
      return ORDER.compare(this, other);
    }

    String unit(Step step) {
      return models ? "Milliseconds (and ratios of speeds)" : step.title;
    }

    /** A speed in the unit. */
    @Nullable Double figure(@Nullable Double speed) {
      return models && speed != null ? Double.valueOf(1 / speed) : speed;
    }
  }

  private final Map<String, String> names = new LinkedHashMap<>();

  /** GFLOP/s of layers; runs in a millisecond of models. */
  private final Map<Setting, Map<String, Map<String, List<Double>>>> speeds = new TreeMap<>();

  private final Set<String> remarks = new TreeSet<>();
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
    table.speeds.forEach((setting, rows) -> text.append(table.table(setting, rows)).append('\n'));
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
          boolean model = Applications.NAMES.contains(fields[4]);
          int batch = Integer.parseInt(fields[5]);
          double millis = Double.parseDouble(fields[2].split(" ")[0]);
          double work =
              model ? 1 : 2e-6 * step.work * batch * LayerData.workload(fields[4]).multiplyAdds();
          Setting setting = new Setting(model, batch, Integer.parseInt(fields[6]));
          speeds
              .computeIfAbsent(setting, s -> new LinkedHashMap<>())
              .computeIfAbsent(fields[4], w -> new LinkedHashMap<>())
              .computeIfAbsent(fields[3], p -> new ArrayList<>())
              .add(work / millis);
        }
        default -> {}
      }
    }
  }

  private String name(String key) {
    return names.getOrDefault(key, key);
  }

  private String table(Setting setting, Map<String, Map<String, List<Double>>> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s, batch %d, %d thread%s:%n%n",
            setting.unit(step), setting.batch, setting.threads, setting.threads == 1 ? "" : "s"));
    row(text, "", names.values(), List.of("Sepal / best", "Sepal / best runtime"));
    text.append("|---").append("|---:".repeat(names.size() + 2)).append("|\n");
    String format = setting.models ? "%.2f" : "%.1f";
    List<Double> toBest = new ArrayList<>();
    List<Double> toRuntimes = new ArrayList<>();
    rows.forEach(
        (workload, cells) -> {
          Map<String, Double> medians = new LinkedHashMap<>();
          cells.forEach((key, values) -> medians.put(key, median(values)));
          List<String> figures =
              names.keySet().stream()
                  .map(key -> figure(setting.figure(medians.get(key)), format))
                  .toList();
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

  /** Sepal's speed divided by the best of the others, or null where one is missing. */
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
