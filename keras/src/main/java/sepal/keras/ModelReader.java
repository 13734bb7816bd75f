package sepal.keras;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layers;
import sepal.models.Model;
import sepal.models.Models;

/** Puts models together from the configuration and the weights that a file holds. */
final class ModelReader {
  private ModelReader() {}

  static Model fromArchive(String where, Archive archive, LoadOptions options) throws IOException {
    List<String> others = archive.others();
    if (!others.isEmpty()) {
      options.skipped(
          Problem.in(where, "skipped: what no layer here reads").got(ConfigDiff.listed(others)));
    }
    byte[] metadata = archive.find(Archive.METADATA, options.configBytes());
    Object version =
        metadata == null ? null : Json.parseObject(where, metadata).get("keras_version");
    Map<String, @Nullable Object> config =
        Json.parseObject(
            where + ", " + Archive.CONFIG, archive.get(Archive.CONFIG, options.configBytes()));
    int keras = version instanceof String text ? KerasVersion.major(text) : 3;
    try (ByteSource weights = archive.source(Archive.WEIGHTS, options.weightBytes())) {
      try {
        Model model = fromParts(where, config, keras, weights, options);
        weights.verify();
        return model;
      } catch (IOException | RuntimeException e) {
        weights.verify(); // or says what is the reason
        throw e;
      }
    }
  }

  private static Model fromParts(
      String where,
      Map<String, @Nullable Object> config,
      int keras,
      ByteSource weights,
      LoadOptions options)
      throws IOException {
    try (Hdf5File hdf5 = Hdf5File.open(where + ", " + Archive.WEIGHTS, weights)) {
      Model model = build(where, config, keras, name -> null, hdf5, false);
      SavedWeights.match(where, model, hdf5.root(), new LoadOptions()).fill(model);
      if (options.compile()) {
        TrainingState.compile(where, model, config.get("compile_config"));
        restore(where, model, TrainingState.find(hdf5.root()), true, options);
      }
      return model;
    }
  }

  static Model fromHdf5(String where, Hdf5File hdf5, LoadOptions options) throws IOException {
    Hdf5Group root = hdf5.root();
    Hdf5Attribute config = root.attribute("model_config");
    Hdf5Group group = LegacyWeights.find(root);
    if (config == null) {
      boolean weights = group != null || SavedWeights.isIn(root);
      throw Problem.in(where, weights ? "the file holds weights, no model" : "not a Keras model")
          .got("no model_config")
          .fix(weights ? "make the model, and call Keras.loadWeights(model, file)" : "look at it")
          .asInvalidArgument();
    }
    if (group == null) {
      throw Problem.in(where, "not a whole Keras model").got("no weights").asInvalidArgument();
    }
    String json = config.string();
    if (json.length() > options.configBytes()) {
      throw Problem.in(where, "model_config is too large")
          .got(json.length() + " bytes")
          .expected("at most " + options.configBytes() + " bytes")
          .asInvalidArgument();
    }
    Hdf5Attribute version = root.attribute("keras_version");
    int keras = KerasVersion.major(version == null ? null : version.string());
    LegacyWeights weights = LegacyWeights.read(where, group, keras);
    Model model =
        build(
            where,
            Json.parseObject(where + ", model_config", json),
            keras,
            weights::depthMultiplier,
            hdf5,
            weights.rearranges());
    weights.match(model, true, new LoadOptions()).fill(model);
    Hdf5Attribute training = root.attribute("training_config");
    if (training != null && options.compile()) {
      Map<String, @Nullable Object> legacy =
          Json.parseObject(where + ", training_config", training.string());
      TrainingState.compile(where, model, TrainingState.fromLegacy(legacy));
      List<Hdf5Dataset> arrays = TrainingState.findLegacy(root);
      if (keras < 3) {
        TrainingState.leaveOut(where, model, arrays, keras, options);
      } else {
        restore(where, model, arrays, true, options);
      }
    }
    return model;
  }

  private static void restore(
      String where, Model model, List<Hdf5Dataset> arrays, boolean build, LoadOptions options)
      throws IOException {
    if (model.isCompiled() && !arrays.isEmpty()) {
      TrainingState.restore(where, model, arrays, build, options);
    }
  }

  static void loadWeights(String where, Model model, ByteSource source, LoadOptions options)
      throws IOException {
    source.verify();
    try (Hdf5File hdf5 = Hdf5File.open(where, source)) {
      Hdf5Group root = hdf5.root();
      Hdf5Group legacy = LegacyWeights.find(root);
      if (legacy != null) {
        LegacyWeights.read(where, legacy, 1).match(model, false, options).run();
      } else if (SavedWeights.isIn(root)) {
        SavedWeights.match(where, model, root, options).run();
        restore(where, model, TrainingState.find(root), false, options);
      } else {
        throw Problem.in(where, "no weights of a Keras model in this file")
            .expected("a group \"layers\", or an attribute \"layer_names\"")
            .asInvalidArgument();
      }
    }
  }

  static Model fromJson(String where, String json, LoadOptions options) {
    Map<String, @Nullable Object> config = Json.parseObject(where, json);
    Object version = config.get("keras_version");
    int keras =
        version instanceof String text
            ? KerasVersion.major(text)
            : config.containsKey("module") ? 3 : 2;
    Map<String, @Nullable Object> translated = translate(where, config, keras, name -> null);
    Model model =
        Layers.limitWeights(
            noMemory(where), roomForWeights(), false, () -> Models.fromConfig(where, translated));
    if (options.compile()) {
      TrainingState.compile(where, model, config.get("compile_config"));
      if (model.isCompiled() && model.isBuilt()) {
        TrainingState.prepare(where, model, roomForWeights());
      }
    }
    return model;
  }

  /** The model with blank weights, no more of them than the file has values for, and memory. */
  private static Model build(
      String where,
      Map<String, @Nullable Object> config,
      int keras,
      Function<String, @Nullable Integer> depthMultipliers,
      Hdf5File hdf5,
      boolean rearranged) {
    Map<String, @Nullable Object> translated = translate(where, config, keras, depthMultipliers);
    Problem tooMany = Problem.in(where, "the model has more weights than the file has values");
    long limit = hdf5.elements();
    long room = maxElements() * 9 / 10 - hdf5.elementsBeside(rearranged);
    if (room < limit) {
      tooMany = noMemory(where);
      limit = room;
    }
    Model model =
        Layers.limitWeights(tooMany, limit, true, () -> Models.fromConfig(where, translated));
    if (!model.isBuilt()) {
      throw Problem.in(where, "the weights have no place: the model does not say its input shape")
          .fix("use Keras.modelFromJson, build(inputShape), then Keras.loadWeights")
          .asInvalidArgument();
    }
    return model;
  }

  /** A quarter of the memory: the same again for the file, and for the weights as they are read. */
  static long roomForWeights() {
    return maxElements() / 4;
  }

  private static long maxElements() {
    return Runtime.getRuntime().maxMemory() / Float.BYTES;
  }

  static Problem noMemory(String where) {
    return Problem.in(where, "the model has more weights than Java has memory for")
        .fix("start Java with a larger -Xmx");
  }

  private static Map<String, @Nullable Object> translate(
      String where,
      Map<String, @Nullable Object> config,
      int keras,
      Function<String, @Nullable Integer> depthMultipliers) {
    Map<String, @Nullable Object> model = new LinkedHashMap<>(config);
    model.keySet().removeAll(java.util.Set.of("compile_config", "keras_version", "backend"));
    new CodeCheck(where).check(model);
    return new LegacyConfig(where, new LegacyLayers(where, keras, depthMultipliers)).model(model);
  }
}
