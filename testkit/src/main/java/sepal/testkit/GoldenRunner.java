package sepal.testkit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.keras.Json;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.LossScope;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Computes golden cases again: files in which the configuration, the weights and the inputs of a
 * layer were recorded together with what Keras computed from them, files that hold many such cases
 * of activations, losses and other functions, and models that Keras saved beside the case.
 *
 * <p>A case that says {@code "exact": true} must match bit for bit; of the others every number a
 * must be within {@code 1e-5 + 1e-5 * |b|} of the recorded b. A case of a kind that is not
 * supported fails; none is skipped.
 */
public final class GoldenRunner {
  private static final String BUNDLED = "/sepal/testkit/bundled/";

  private final boolean forwardOnly;

  /**
   * @param forwardOnly whether to check just the outputs of cases that also hold gradients, which
   *     otherwise fail
   */
  public GoldenRunner(boolean forwardOnly) {
    this.forwardOnly = forwardOnly;
  }

  /**
   * Runs one file, or every {@code .json} file of a folder and the folders in it, in the order of
   * their names; {@code index.json} does not count.
   *
   * @throws IllegalArgumentException if the folder holds no such file
   * @throws IOException if a file cannot be read
   */
  public List<GoldenResult> run(Path fileOrFolder) throws IOException {
    List<GoldenResult> results = new ArrayList<>();
    run(fileOrFolder, results::add);
    return results;
  }

  /** The same, but hands over every result as soon as it is known. */
  public void run(Path fileOrFolder, Consumer<GoldenResult> results) throws IOException {
    for (Path file : files(fileOrFolder)) {
      runAll(file.toString(), Files.readAllBytes(file)).forEach(results);
    }
  }

  /** Runs the few cases that come with the testkit. */
  public List<GoldenResult> runBundled() throws IOException {
    List<GoldenResult> results = new ArrayList<>();
    String list = new String(resource("list.txt"), StandardCharsets.UTF_8);
    for (String name : list.lines().toList()) {
      results.addAll(runAll(name, resource(name)));
    }
    return results;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenRunner.class.getResourceAsStream(BUNDLED + name)) {
      if (in == null) {
        throw new FileNotFoundException(BUNDLED + name);
      }
      return in.readAllBytes();
    }
  }

  private static List<Path> files(Path root) throws IOException {
    if (Files.isRegularFile(root)) {
      return List.of(root);
    }
    if (!Files.exists(root)) {
      throw new NoSuchFileException(root.toString());
    }
    try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files =
          walk.filter(GoldenRunner::holdsCase)
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparing(file -> root.relativize(file).toString()))
              .toList();
      if (files.isEmpty()) {
        throw Problem.in("folder " + root, "it holds no golden case")
            .expected("files that end in .json")
            .asInvalidArgument();
      }
      return files;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean holdsCase(Path file) {
    Path name = file.getFileName();
    return name != null && name.toString().endsWith(".json") && !name.endsWith("index.json");
  }

  /**
   * Runs one case, or all cases of a file that holds many small ones.
   *
   * @param file the name of the file, for the results
   * @param json its content as UTF-8 text
   * @return at least one
   */
  public List<GoldenResult> runAll(String file, byte[] json) {
    try {
      Object parsed = Json.parse(file, json);
      if (parsed != null && FunctionCases.holds(parsed)) {
        return FunctionCases.run(file, parsed);
      }
      return parsed != null && GoldenModel.holds(parsed)
          ? GoldenModel.run(file, json)
          : List.of(run(file, json));
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(GoldenResult.failed(file, "unknown", oneLine(file, e)));
    }
  }

  /**
   * Runs one case.
   *
   * @param file the name of the case, for the result
   * @param json the case as UTF-8 text
   */
  public GoldenResult run(String file, byte[] json) {
    String kind = "unknown";
    try {
      GoldenCase golden = new GoldenCase(file, Json.parseObject(file, json));
      if (!golden.has("kind")) {
        return GoldenResult.failed(file, kind, "it names no kind of case");
      }
      kind = golden.text("kind");
      return switch (kind) {
        case "layer_forward" -> layer(kind, golden, file, false);
        case "layer_gradient" -> layer(kind, golden, file, !forwardOnly);
        case "training", "fit_history" -> training(kind, golden, file);
        default -> GoldenResult.failed(file, kind, "kind " + kind + " not supported yet");
      };
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return GoldenResult.failed(file, kind, oneLine(file, e));
    }
  }

  private static GoldenResult training(String kind, GoldenCase golden, String file) {
    Difference difference = new Difference(false, GoldenTraining.TOLERANCE);
    GoldenTraining training = new GoldenTraining(golden, difference);
    String mismatch = kind.equals("training") ? training.steps() : training.fit();
    return mismatch == null
        ? difference.result(file, kind)
        : GoldenResult.failed(file, kind, mismatch);
  }

  private static GoldenResult layer(
      String kind, GoldenCase golden, String file, boolean gradients) {
    GoldenCase serialized = golden.object("layer");
    Layer layer = Layers.fromConfig(file, serialized.text("class_name"), serialized.map("config"));
    List<Tensor> inputs = golden.tensors("inputs");
    List<Shape> shapes = inputs.stream().map(Tensor::shape).toList();
    layer.build(shapes.toArray(Shape[]::new));

    List<String> names = golden.texts("weights", "name");
    List<String> own = layer.weights().stream().map(Weight::name).toList();
    if (!own.equals(names)) {
      return GoldenResult.failed(file, kind, "the weights are " + own + ", Keras: " + names);
    }
    layer.setWeights(golden.tensors("weights"));

    List<Shape> predicted = layer.computeOutputShapes(shapes);
    List<Shape> recorded = golden.shapes("compute_output_shape");
    if (!predicted.equals(recorded)) {
      String message = "the predicted shape is " + predicted + ", Keras: " + recorded;
      return GoldenResult.failed(file, kind, message);
    }

    Difference difference = new Difference(golden.flag("exact"));
    String mismatch;
    try (Tape tape = new Tape();
        LossScope scope = new LossScope()) {
      if (gradients) {
        inputs.forEach(tape::watch);
        layer.trainableWeights().stream().map(Weight::value).forEach(tape::watch);
      }
      List<Tensor> values = layer.getWeights();
      List<Tensor> outputs = layer.applyAll(inputs, training(golden));
      mismatch = compare("output", outputs, golden.tensors("outputs"), difference);
      if (mismatch == null && golden.has("losses")) {
        mismatch = compareLosses(layer, scope, golden, difference);
      }
      if (mismatch == null && gradients) {
        mismatch = compareGradients(tape, inputs, values, outputs, golden, difference);
      }
    }
    if (mismatch == null && golden.has("weights_after_call")) {
      List<Tensor> after = golden.tensors("weights_after_call");
      mismatch = compare("weight after the call", layer.getWeights(), after, difference);
    }
    return mismatch == null
        ? difference.result(file, kind)
        : GoldenResult.failed(file, kind, mismatch);
  }

  /** Penalties on the output first, as Keras lists them. */
  private static @Nullable String compareLosses(
      Layer layer, LossScope scope, GoldenCase golden, Difference difference) {
    List<Double> losses = new ArrayList<>();
    scope.penalties().forEach(p -> losses.add(p.value().get(0) * p.factor()));
    layer.getLossesFor().forEach(loss -> losses.add(loss.get(0)));
    return compare(
        "loss",
        losses.stream().map(loss -> Tensor.scalar(loss.floatValue())).toList(),
        golden.numbers("losses").stream().map(x -> Tensor.scalar(x.floatValue())).toList(),
        difference);
  }

  private static @Nullable String compareGradients(
      Tape tape,
      List<Tensor> inputs,
      List<Tensor> weights,
      List<Tensor> outputs,
      GoldenCase golden,
      Difference difference) {
    List<@Nullable Tensor> byInput = tape.gradient(outputs, golden.tensors("upstream"), inputs);
    String mismatch =
        compareGradient(
            "gradient by input", byInput, golden.optionalTensors("grad_inputs"), difference);
    if (mismatch != null) {
      return mismatch;
    }
    List<@Nullable Tensor> byWeight = tape.gradient(outputs, golden.tensors("upstream"), weights);
    return compareGradient(
        "gradient by weight", byWeight, golden.optionalTensors("grad_weights"), difference);
  }

  /** A weight that Keras records no gradient for must have none here. */
  private static @Nullable String compareGradient(
      String what,
      List<@Nullable Tensor> actual,
      List<@Nullable Tensor> recorded,
      Difference difference) {
    if (actual.size() != recorded.size()) {
      return actual.size() + " times " + what + ", Keras: " + recorded.size();
    }
    for (int i = 0; i < recorded.size(); i++) {
      Tensor expected = recorded.get(i);
      Tensor found = actual.get(i);
      if ((expected == null) != (found == null)) {
        return what + " " + i + (found == null ? " is missing" : " exists, Keras has none");
      }
      String mismatch =
          expected == null || found == null
              ? null
              : difference.add(what + " " + i, found, expected);
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  private static boolean training(GoldenCase golden) {
    GoldenCase arguments = golden.object("call_kwargs");
    for (String argument : golden.map("call_kwargs").keySet()) {
      if (!argument.equals("training")) {
        throw Problem.in("call", "unknown argument").got(argument).asInvalidArgument();
      }
    }
    return arguments.flag("training");
  }

  private static @Nullable String compare(
      String what, List<Tensor> actual, List<Tensor> recorded, Difference difference) {
    if (actual.size() != recorded.size()) {
      return actual.size() + " times " + what + ", Keras: " + recorded.size();
    }
    for (int i = 0; i < recorded.size(); i++) {
      String mismatch = difference.add(what + " " + i, actual.get(i), recorded.get(i));
      if (mismatch != null) {
        return mismatch;
      }
    }
    return null;
  }

  /** The message without the name of the file, which the result holds already. */
  static String oneLine(String file, Throwable e) {
    String message = e.getMessage();
    if (message == null) {
      return e.getClass().getSimpleName();
    }
    String rest = message.startsWith(file) ? message.substring(file.length()) : message;
    return rest.lines()
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .collect(Collectors.joining("; "))
        .replaceFirst("^[:, ]+", "");
  }
}
