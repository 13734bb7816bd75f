package sepal.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.keras.Keras;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.layers.KerasTensor;
import sepal.models.Model;
import sepal.shape.DataFormat;
import sepal.shape.Shape;

/** Measures how fast layers or whole models are, and how near to what the machine could do. */
@Command(
    name = "bench",
    description = {
      "Measure how fast separable convolutions are, or a whole model.",
      "Without MODEL: layers of well-known models, with bias and ReLU. The median of",
      "30 or more runs after a warm-up, and its share of the peak: what a loop of",
      "nothing but multiply-adds reaches on as many threads in the same moments."
    },
    footerHeading = "%nNotes:%n",
    footer = {
      "  GFLOP/s counts two for each multiply-add of the convolutions and dense",
      "  layers. Layers are timed from array to array, a model as predict runs it.",
      "  Several values, as in --batch 1,8, measure every combination."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A .keras, .h5 or .hdf5 file.")
  private @Nullable Path file;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "How many threads to use; by default one for each processor.")
  private List<Integer> threads = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "B",
      split = ",",
      defaultValue = "1",
      description = "How many images at once; default ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--data-format",
      paramLabel = "FORMAT",
      split = ",",
      description = "${COMPLETION-CANDIDATES}; by default channels_last.")
  private List<DataFormat> dataFormats = new ArrayList<>();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      split = ",",
      description = "Which layers to measure; by default all.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Keep the results as JSON.")
  private @Nullable Path json;

  @Option(names = "--workload-file", hidden = true)
  private @Nullable Path workloadFile;

  @Option(names = "--effort", hidden = true, defaultValue = "usual")
  private Timing.Effort effort;

  @Spec private CommandSpec spec;

  private final List<BenchResult> results = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    batches.forEach(batch -> positive("--batch", batch));
    threads.forEach(count -> positive("--threads", count));
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    if (file != null && !(names.isEmpty() && dataFormats.isEmpty() && workloadFile == null)) {
      throw new ParameterException(
          spec.commandLine(), "--workload and --data-format are not for a MODEL");
    }
    int before = Parallel.threads();
    try {
      if (file == null) {
        benchLayers();
      } else {
        benchModel(file);
      }
    } finally {
      Parallel.setThreads(before);
    }
    if (json != null) {
      Files.writeString(json, BenchResult.json(results, Machine.here()));
    }
    return 0;
  }

  private void positive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), option + " must be 1 or more, and is " + value);
    }
  }

  private List<Integer> threads() {
    return threads.isEmpty() ? List.of(Parallel.threads()) : threads;
  }

  // ---- layers

  private void benchLayers() throws IOException {
    List<Workload> workloads = workloads();
    List<DataFormat> formats =
        dataFormats.isEmpty() ? List.of(DataFormat.CHANNELS_LAST) : dataFormats;
    int wide = workloads.stream().mapToInt(w -> w.name().length()).max().orElse(0);
    wide = Math.max(wide, "workload".length());
    PrintWriter out = spec.commandLine().getOut();
    out.println("# " + Machine.here());
    out.println(
        padded("workload", wide)
            + "  batch  threads  data format            ms  GFLOP/s  % of peak");
    for (int count : threads()) {
      Parallel.setThreads(count);
      for (DataFormat format : formats) {
        for (int batch : batches) {
          for (Workload workload : workloads) {
            Timing timing = Timing.of(BenchTask.of(workload, batch, format), effort);
            long multiplyAdds = batch * workload.multiplyAdds();
            BenchResult result =
                new BenchResult(workload.name(), batch, count, format, multiplyAdds, timing);
            results.add(result);
            print(result, wide);
          }
        }
      }
    }
  }

  private void print(BenchResult result, int wide) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        padded(result.workload(), wide)
            + String.format(
                Locale.ROOT,
                "  %5d  %7d  %-14s  %9.4f  %7.1f  %9.1f",
                result.batch(),
                result.threads(),
                result.dataFormat(),
                result.timing().millis(),
                result.gflops(),
                result.percentOfPeak()));
    out.flush(); // who watches sees it grow
  }

  private List<Workload> workloads() throws IOException {
    List<Workload> known =
        workloadFile == null
            ? Workload.all()
            : Workload.parse(workloadFile.toString(), Files.readString(workloadFile));
    if (names.isEmpty()) {
      return known;
    }
    List<Workload> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          known.stream()
              .filter(workload -> workload.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(() -> unknown(name, known)));
    }
    return chosen;
  }

  private ParameterException unknown(String name, List<Workload> known) {
    List<String> all = known.stream().map(Workload::name).toList();
    return new ParameterException(
        spec.commandLine(),
        "--workload: no " + name + Check.didYouMean(name, all) + " in " + String.join(", ", all));
  }

  // ---- a model

  private void benchModel(Path file) throws IOException {
    Model model = Keras.loadModel(file, options -> options.compile(false));
    List<ModelInput> inputs = ModelInput.of(model);
    model.inputs().forEach(BenchCommand::checkKnown);
    String name = String.valueOf(file.getFileName());
    DataFormat format =
        inputs.get(0).channelsFirst() ? DataFormat.CHANNELS_FIRST : DataFormat.CHANNELS_LAST;
    long multiplyAdds = MultiplyAdds.of(model);
    PrintWriter out = spec.commandLine().getOut();
    out.println("# " + Machine.here());
    out.println("# " + name);
    out.println("batch  threads  ms per batch    images/s  GFLOP/s  % of peak");
    for (int count : threads()) {
      Parallel.setThreads(count);
      for (int batch : batches) {
        Timing timing = Timing.of(BenchTask.of(model, batch), effort);
        BenchResult result =
            new BenchResult(name, batch, count, format, batch * multiplyAdds, timing);
        results.add(result);
        out.println(
            String.format(
                Locale.ROOT,
                "%5d  %7d  %12.4f  %10.1f  %7.1f  %9.1f",
                batch,
                count,
                timing.millis(),
                result.imagesPerSecond(),
                result.gflops(),
                result.percentOfPeak()));
        out.flush();
      }
    }
  }

  private static void checkKnown(KerasTensor input) {
    Shape shape = input.shape();
    for (int axis = 1; axis < shape.rank(); axis++) {
      if (!shape.isKnown(axis)) {
        throw Problem.in("bench", "the model takes inputs of any size")
            .got(shape)
            .expected("a shape that is known but for the batch")
            .asInvalidArgument();
      }
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
