package sepal.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One process of one library: either compares what it computes with a float64 reference, or times
 * what was found right. Prints a line for each layer or model, fields apart by tabs, for {@link
 * PeerTable}.
 */
public final class PeerRun {
  private static final long LEAST_WARM_UP = 1_000_000_000;
  private static final long MOST_WARM_UP = 15_000_000_000L;
  private static final long TIMED = 500_000_000;
  private static final int LEAST_RUNS = 30;

  private PeerRun() {}

  /**
   * @param arguments the key of the library in the table, the class of its {@link Peer}, {@code
   *     check} or {@code time}, {@code forward} or {@code training}, threads, batch, names of
   *     workloads or, for the forward, of {@link Applications} apart by commas, and to time them a
   *     file of the lines that checking printed
   */
  public static void main(String[] arguments) throws Exception {
    String key = arguments[0];
    boolean check = arguments[2].equals("check");
    Step step = Step.of(arguments[3]);
    int threads = Integer.parseInt(arguments[4]);
    int batch = Integer.parseInt(arguments[5]);
    List<String> names = List.of(arguments[6].split(","));
    if (!check) {
      names = right(names, Files.readAllLines(Path.of(arguments[7])), key, batch, threads);
    }
    Peer peer = (Peer) Class.forName(arguments[1]).getDeclaredConstructor().newInstance();
    if (step == Step.TRAINING && !(peer instanceof TrainingPeer)) {
      print("absent", key, "no training step for it here");
      System.exit(0);
    }
    print("name", key, peer.name());
    for (String name : names) {
      String cell = cell(key, name, batch, threads);
      try {
        if (Applications.NAMES.contains(name)) {
          ModelData data = model(name, batch, step);
          print(check ? check(peer, data, threads) : time(peer.prepare(data, threads)), cell);
        } else {
          LayerData data = LayerData.of(LayerData.workload(name), batch);
          String found =
              check ? check(peer, data, step, threads) : time(prepare(peer, data, step, threads));
          print(found, cell);
        }
      } catch (Exception | LinkageError e) {
        print("failed\t" + firstLine(e), cell);
      }
    }
    System.exit(0); // some libraries leave threads behind
  }

  /** Those of the names that the library was found to compute as the reference does. */
  static List<String> right(
      List<String> names, List<String> lines, String key, int batch, int threads) {
    return names.stream()
        .filter(
            name -> {
              String cell = "\t" + cell(key, name, batch, threads);
              return lines.stream()
                  .anyMatch(line -> line.startsWith("@\tchecked\t") && line.endsWith(cell));
            })
        .toList();
  }

  private static String cell(String key, String name, int batch, int threads) {
    return key + "\t" + name + "\t" + batch + "\t" + threads;
  }

  private static ModelData model(String name, int batch, Step step) {
    if (step == Step.TRAINING) {
      throw new UnsupportedOperationException("of models only the forward is measured");
    }
    return ModelData.of(name, batch);
  }

  private static List<? extends Peer.Prepared> prepare(
      Peer peer, LayerData data, Step step, int threads) throws Exception {
    return step == Step.TRAINING
        ? ((TrainingPeer) peer).prepareTraining(data, threads)
        : peer.prepare(data, threads);
  }

  private static String check(Peer peer, ModelData data, int threads) throws Exception {
    return check(peer.prepare(data, threads), way -> data.error(way.output()), ModelData.TOLERANCE);
  }

  static String check(Peer peer, LayerData data, Step step, int threads) throws Exception {
    Reference reference = step == Step.TRAINING ? Reference.ofTraining(data) : Reference.of(data);
    return check(
        prepare(peer, reference.data(), step, threads),
        way -> {
          double error = reference.error(way.output());
          return step == Step.TRAINING
              ? Math.max(error, reference.error(((TrainingPeer.Trained) way).gradients()))
              : error;
        },
        Reference.TOLERANCE);
  }

  /** The error of what a run has computed. */
  private interface Error {
    double of(Peer.Prepared way) throws Exception;
  }

  private static String check(List<? extends Peer.Prepared> ways, Error error, double tolerance)
      throws Exception {
    double worst = 0;
    for (Peer.Prepared way : ways) {
      try (way) {
        way.run();
        double found = error.of(way);
        if (!(found <= tolerance)) {
          return "wrong\t" + way.mode() + ": off by " + found + ", more than " + tolerance;
        }
        worst = Math.max(worst, found);
      }
    }
    return "checked\t" + worst;
  }

  private static String time(List<? extends Peer.Prepared> ways) throws Exception {
    double best = Double.POSITIVE_INFINITY;
    String mode = "";
    for (Peer.Prepared layer : ways) {
      try (layer) {
        double millis = median(layer) / 1e6;
        if (millis < best) {
          best = millis;
          mode = layer.mode();
        }
      }
    }
    return "time\t" + best + " " + mode;
  }

  private static double median(Peer.Prepared layer) throws Exception {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long begin = System.nanoTime();
    double before = 0;
    double now = Double.POSITIVE_INFINITY;
    long compiledBefore = 0;
    long compiled = compiler.getTotalCompilationTime();
    while (System.nanoTime() - begin < LEAST_WARM_UP
        || (System.nanoTime() - begin < MOST_WARM_UP
            && (Math.abs(now - before) > 0.03 * before || compiled > compiledBefore))) {
      before = now;
      compiledBefore = compiled;
      now = median(layer, 8, 500_000_000);
      compiled = compiler.getTotalCompilationTime();
    }
    return median(layer, LEAST_RUNS, TIMED);
  }

  /** Of at least {@code runs} runs and {@code nanos} nanoseconds. */
  private static double median(Peer.Prepared layer, int runs, long nanos) throws Exception {
    long[] times = new long[100_000];
    int count = 0;
    long begin = System.nanoTime();
    long from = begin;
    while (count < runs || (from - begin < nanos && count < times.length)) {
      layer.run();
      long to = System.nanoTime();
      times[count++] = to - from;
      from = to;
    }
    Arrays.sort(times, 0, count);
    return (times[(count - 1) / 2] + times[count / 2]) / 2.0;
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e).lines().findFirst().orElse("").replace('\t', ' ');
  }

  private static void print(String first, String... more) {
    System.out.println("@\t" + first + "\t" + String.join("\t", more));
  }
}
