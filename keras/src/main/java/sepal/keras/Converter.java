package sepal.keras;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.models.Model;

/** Turns files into files of other formats, and notes what is different afterwards. */
final class Converter {
  private final Path from;
  private final Path to;
  private final List<String> notes = new ArrayList<>();

  /** What a file holds, before it is made a model of. */
  private record Source(
      Map<String, @Nullable Object> config,
      boolean compiled,
      long arrays,
      int optimizerVariables,
      List<String> others) {}

  Converter(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  List<String> run() throws IOException {
    ModelWriter.Format format = ModelWriter.Format.of(to);
    if (format == null) {
      throw Problem.in(to.toString(), "no format has this name")
          .got("\"" + to.getFileName() + "\"")
          .expected("a name that ends with .keras, .h5, .hdf5, .weights.h5 or .json")
          .fix("add .keras to the name")
          .asInvalidArgument();
    }
    if (isJson()) {
      return fromJson(format);
    }
    Source source = Guard.read(from.toString(), this::source);
    Model model = load();
    Map<String, @Nullable Object> config = model.serialize();
    notes.addAll(ConfigDiff.of(source.config(), config));
    notes.addAll(OwnClasses.warnings(config));
    source.others().forEach(this::leftOut);
    long weights = model.weights().size();
    if (source.arrays() > weights) {
      leftOut((source.arrays() - weights) + " arrays that belong to no layer");
    }
    boolean withTraining = format != ModelWriter.Format.WEIGHTS;
    if (source.compiled() && !withTraining) {
      leftOut("how the model was compiled");
    }
    int kept = model.isCompiled() ? model.trainer().optimizer().variables().size() : 0;
    if (source.optimizerVariables() > 0
        && (kept < source.optimizerVariables() || format == ModelWriter.Format.JSON)) {
      leftOut("the optimizer's " + source.optimizerVariables() + " variables");
    }
    switch (format) {
      case JSON -> {
        leftOut("all weights");
        new ModelWriter(model, to, Disk.REAL).saveJson();
      }
      case WEIGHTS -> {
        leftOut("the configuration of the model");
        Keras.saveWeights(model, to);
      }
      default -> new ModelWriter(model, to, Disk.REAL).saveModel();
    }
    return notes;
  }

  private void leftOut(String what) {
    notes.add("left out: " + what);
  }

  private boolean isJson() throws IOException {
    if (Files.isDirectory(from)) {
      return false;
    }
    try (var in = Files.newInputStream(from)) {
      return new String(in.readNBytes(64), StandardCharsets.UTF_8).stripLeading().startsWith("{");
    }
  }

  private List<String> fromJson(ModelWriter.Format format) throws IOException {
    if (format != ModelWriter.Format.JSON) {
      throw Problem.in(from.toString(), "a configuration has no weights")
          .got("JSON, to become " + to.getFileName())
          .expected("another .json file to write")
          .fix("use Keras.modelFromJson, then loadWeights or training, then saveModel")
          .asInvalidArgument();
    }
    String json = Files.readString(from);
    Model model = Keras.modelFromJson(json, options -> options.compile(false));
    notes.addAll(ConfigDiff.of(Json.parseObject(from.toString(), json), model.serialize()));
    new ModelWriter(model, to, Disk.REAL).saveJson();
    return notes;
  }

  private Model load() throws IOException {
    try {
      return Keras.loadModel(from, options -> options.onSkipped(told -> {}));
    } catch (InvalidArgument | UnsupportedOperationException e) {
      Model model = // or throws the same
          Keras.loadModel(from, options -> options.compile(false).onSkipped(told -> {}));
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      leftOut("how the model was compiled: " + reason);
      return model;
    }
  }

  private Source source() throws IOException {
    LoadOptions options = new LoadOptions();
    String where = from.toString();
    if (Keras.kindOf(from) == Keras.Kind.ARCHIVE) {
      try (Archive archive = Archive.open(from, options)) {
        Map<String, @Nullable Object> config =
            Json.parseObject(where, archive.get(Archive.CONFIG, options.configBytes()));
        ByteSource weights = archive.source(Archive.WEIGHTS, options.weightBytes());
        try (Hdf5File hdf5 = Hdf5File.open(where, weights)) {
          boolean compiled = config.get("compile_config") instanceof Map<?, ?> c && !c.isEmpty();
          return source(config, compiled, hdf5.root(), "optimizer", archive.others());
        }
      }
    }
    try (Hdf5File hdf5 = Hdf5File.open(where, ByteSource.open(from))) {
      Hdf5Attribute config = hdf5.root().attribute("model_config");
      boolean compiled = hdf5.root().attribute("training_config") != null;
      return source(
          config == null ? Map.of() : Json.parseObject(where, config.string()),
          compiled,
          hdf5.root(),
          "optimizer_weights",
          List.of());
    }
  }

  private static Source source(
      Map<String, @Nullable Object> config,
      boolean compiled,
      Hdf5Group root,
      String optimizer,
      List<String> others) {
    long variables = arrays(root.group(optimizer));
    return new Source(config, compiled, arrays(root) - variables, (int) variables, others);
  }

  private static long arrays(@Nullable Hdf5Object object) {
    return object instanceof Hdf5Group group
        ? group.children().values().stream().mapToLong(Converter::arrays).sum()
        : object == null ? 0 : 1;
  }
}
