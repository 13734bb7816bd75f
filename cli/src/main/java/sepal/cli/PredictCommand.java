package sepal.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
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
import sepal.keras.Npy;
import sepal.kernels.Parallel;
import sepal.layers.KerasTensor;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Computes what a model gives for pictures or arrays. */
@Command(
    name = "predict",
    description = "Compute what a Keras model gives for pictures or arrays.",
    footerHeading = "%nNotes:%n",
    footer = {
      "  Pictures become gray (ITU-R 601) or colour, as the model takes them, and",
      "  are resized bilinearly without smoothing, as tf.image.resize does. Their",
      "  numbers are 0 to 255. Several files make a batch. Arrays may be float32,",
      "  float64, int32, int64, uint8 or bool.",
      "",
      "  --preprocess is that of keras.applications, for pictures and arrays alike:",
      "    unit   x / 255",
      "    tf     x / 127.5 - 1",
      "    torch  (x / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)",
      "    caffe  x - (103.939, 116.779, 123.68), in the order blue, green, red",
      "",
      "  --output writes float32; of several outputs each to y_NAME.npy."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PredictCommand implements Callable<Integer> {
  /** Fewer batches than this are over before a bar is read. */
  private static final int LONG = 8;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A .keras, .h5 or .hdf5 file.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description = "PNG, JPEG or .npy files; NAME=FILE for a model with several inputs.")
  private List<String> arguments;

  @Option(
      names = "--preprocess",
      paramLabel = "MODE",
      defaultValue = "none",
      description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Preprocess preprocess;

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "Print the K best classes; 5 by default, if the output looks like classes.")
  private @Nullable Integer top;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "The names of the classes, one on each line.")
  private @Nullable Path labels;

  @Option(names = "--output", paramLabel = "FILE.npy", description = "Keep all numbers.")
  private @Nullable Path output;

  @Option(
      names = "--batch-size",
      paramLabel = "B",
      defaultValue = "32",
      description = "How many samples to compute at once; default ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads to use; by default one for each processor.")
  private @Nullable Integer threads;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    positive("--top", top);
    positive("--batch-size", batchSize);
    positive("--threads", threads);
    if (threads != null) {
      Parallel.setThreads(threads);
    }
    List<String> names = readLabels();
    Path folder = output == null ? null : output.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }

    Model model = Keras.loadModel(file, options -> options.compile(false));
    List<ModelInput> inputs = ModelInput.of(model);
    List<List<Path>> files = assign(inputs);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      tensors.put(inputs.get(i).name(), inputs.get(i).read(files.get(i), preprocess));
    }

    List<Path> first = files.get(0);
    PrintWriter out = spec.commandLine().getOut();
    Report report = new Report(out, sampleNames(first, samples(first(tensors))), top, names);
    report.check(model.outputs().stream().map(KerasTensor::shape).toList());
    Map<String, Tensor> outputs = predict(model, tensors);
    outputs.forEach(report::print);
    write(outputs, out);
    return 0;
  }

  private void positive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new ParameterException(
          spec.commandLine(), option + " must be 1 or more, and is " + value);
    }
  }

  private List<String> readLabels() throws IOException {
    if (labels == null) {
      return List.of();
    }
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(labels));
      lines.replaceAll(String::strip);
      while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
        lines.remove(lines.size() - 1);
      }
      if (lines.isEmpty()) {
        throw Problem.in("labels " + labels, "the file holds no label").asInvalidArgument();
      }
      return lines;
    } catch (CharacterCodingException e) {
      throw Problem.in("labels " + labels, "the file is not UTF-8 text").asInvalidArgument(e);
    }
  }

  /** The files for each input. */
  private List<List<Path>> assign(List<ModelInput> inputs) {
    List<String> names = inputs.stream().map(ModelInput::name).toList();
    List<List<Path>> files = new ArrayList<>();
    names.forEach(name -> files.add(new ArrayList<>()));
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? "" : argument.substring(0, equals);
      int index = names.indexOf(name);
      if (index < 0 && names.size() > 1) {
        throw new ParameterException(
            spec.commandLine(),
            "give NAME=FILE, not "
                + argument
                + Check.didYouMean(name, names)
                + ": the model has inputs "
                + String.join(", ", names));
      }
      Path path = Path.of(index < 0 ? argument : argument.substring(equals + 1));
      files.get(Math.max(index, 0)).add(path);
    }
    for (int i = 0; i < names.size(); i++) {
      if (files.get(i).isEmpty()) {
        String name = names.get(i);
        throw new ParameterException(
            spec.commandLine(), "no file for input " + name + "; give " + name + "=FILE");
      }
    }
    return files;
  }

  /** Samples are named by their files where each file gave one. */
  private static List<String> sampleNames(List<Path> files, int samples) {
    return files.size() == samples
        ? files.stream().map(path -> String.valueOf(path.getFileName())).toList()
        : List.of();
  }

  private Map<String, Tensor> predict(Model model, Map<String, Tensor> inputs) {
    int count = samples(first(inputs));
    boolean sameCount = inputs.values().stream().allMatch(x -> samples(x) == count);
    boolean watched = Boolean.getBoolean("sepal.terminal");
    if (!watched || !sameCount || count / batchSize < LONG) {
      return model.predict(inputs, batchSize);
    }
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    try (ProgressBar bar = bar(count)) {
      for (int from = 0; from < count; from += batchSize) {
        int start = from;
        int end = Math.min(count - from, batchSize) + from;
        Map<String, Tensor> batch = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> batch.put(name, tensor.rows(start, end)));
        model
            .predict(batch, batchSize)
            .forEach((name, part) -> parts.computeIfAbsent(name, n -> new ArrayList<>()).add(part));
        bar.stepTo(end);
      }
    }
    spec.commandLine().getErr().println();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    parts.forEach((name, list) -> outputs.put(name, Tensor.concatRows(list)));
    return outputs;
  }

  private static Tensor first(Map<String, Tensor> tensors) {
    return tensors.values().iterator().next();
  }

  private static int samples(Tensor tensor) {
    Shape shape = tensor.shape();
    return shape.rank() == 0 ? 0 : shape.get(0); // the model will refuse it
  }

  private ProgressBar bar(int count) {
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> print =
        line -> {
          err.print("\r" + line);
          err.flush();
        };
    return new ProgressBarBuilder()
        .setTaskName("predict")
        .setInitialMax(count)
        .setConsumer(new DelegatingProgressBarConsumer(print, 78))
        .setStyle(ProgressBarStyle.ASCII)
        .build();
  }

  private void write(Map<String, Tensor> outputs, PrintWriter out) throws IOException {
    if (output == null) {
      return;
    }
    int index = 0;
    for (Map.Entry<String, Tensor> entry : outputs.entrySet()) {
      Path target = outputs.size() == 1 ? output : named(output, entry.getKey(), index++);
      Tensor numbers = entry.getValue().cast(DType.FLOAT32);
      Npy.write(target, numbers);
      out.println("wrote " + target + " " + numbers.shape());
    }
  }

  /** {@code y_NAME.npy}; a name that is not fit for a file gets its number. */
  static Path named(Path output, String name, int index) {
    String safe =
        name.matches("[A-Za-z0-9_.-]+")
            ? name
            : index + "_" + name.replaceAll("[^A-Za-z0-9_.-]", "_");
    String whole = String.valueOf(output.getFileName());
    int dot = whole.endsWith(".npy") ? whole.length() - ".npy".length() : whole.length();
    return output.resolveSibling(whole.substring(0, dot) + "_" + safe + whole.substring(dot));
  }
}
