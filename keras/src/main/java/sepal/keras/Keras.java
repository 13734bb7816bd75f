package sepal.keras;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import sepal.check.Problem;
import sepal.config.KerasConfig;
import sepal.layers.Layers;
import sepal.models.Model;

/**
 * Reads what Keras has saved, and writes what Keras can load: {@code .keras} archives, {@code
 * .weights.h5} files, legacy {@code .h5} and {@code .hdf5} files of Keras 1, Keras 2, tf.keras and
 * Keras 3, and JSON configurations.
 *
 * <p>Files may come from anywhere: what is damaged, asks for too much memory, or carries code is
 * refused with a message that says why. Classes that Sepal does not know are made known with {@link
 * Layers#register} and its likes before the file is read.
 */
public final class Keras {
  static {
    KerasConfig.setSource(new KerasJson());
  }

  private Keras() {}

  /**
   * The model in a {@code .keras} archive (also one unpacked to a directory) or a legacy {@code
   * .h5} file, compiled as it was, with its optimizer where it was.
   *
   * @throws IllegalArgumentException if the file is not sound, or contains a class that is not
   *     known, or code
   * @throws UnsupportedOperationException if the model asks for what Sepal does not do
   * @throws IOException if the file cannot be read
   * @see "Keras 3.16, keras.saving.load_model"
   */
  public static Model loadModel(Path file) throws IOException {
    return load(file, new LoadOptions());
  }

  /**
   * The same, with other limits, or not compiled.
   *
   * @param options sets what differs from the defaults
   */
  public static Model loadModel(Path file, Consumer<LoadOptions> options) throws IOException {
    LoadOptions given = new LoadOptions();
    options.accept(given);
    return load(file, given);
  }

  private static Model load(Path file, LoadOptions given) throws IOException {
    String where = file.toString();
    return Guard.read(
        where,
        () -> {
          if (kindOf(file) == Kind.ARCHIVE) {
            try (Archive archive = Archive.open(file, given)) {
              return ModelReader.fromArchive(where, archive, given);
            }
          }
          try (Hdf5File hdf5 = Hdf5File.open(where, ByteSource.open(file))) {
            return ModelReader.fromHdf5(where, hdf5, given);
          }
        });
  }

  /**
   * Sets the weights of a model that is built, from a {@code .weights.h5} file, a {@code .keras}
   * archive, or a legacy {@code .h5} file with or without a model. All of them, or none if one does
   * not fit.
   *
   * @throws IllegalArgumentException if the file is not sound, or does not fit the model
   * @throws IllegalStateException if the model is not built
   * @throws IOException if the file cannot be read
   * @see "Keras 3.16, keras.Model.load_weights"
   */
  public static void loadWeights(Model model, Path file) throws IOException {
    loadWeights(model, file, options -> {});
  }

  /**
   * The same, with other limits, or only in part.
   *
   * @param options sets what differs from the defaults
   */
  public static void loadWeights(Model model, Path file, Consumer<LoadOptions> options)
      throws IOException {
    LoadOptions given = new LoadOptions();
    options.accept(given);
    if (!model.isBuilt()) {
      throw Problem.in(model.toString(), "weights cannot be loaded before they exist")
          .fix("call build(inputShape) first")
          .asIllegalState();
    }
    String where = file.toString();
    Guard.read(
        where,
        () -> {
          if (kindOf(file) == Kind.ARCHIVE) {
            try (Archive archive = Archive.open(file, given)) {
              ByteSource weights = archive.source(Archive.WEIGHTS, given.weightBytes());
              ModelReader.loadWeights(where, model, weights, given);
            }
          } else {
            ModelReader.loadWeights(where, model, ByteSource.open(file), given);
          }
          return model;
        });
  }

  /**
   * A new model, with new weights, from what {@code model.to_json()} returned in any Keras.
   *
   * @throws IllegalArgumentException if it is not such a text, or contains a class that is not
   *     known, or code
   * @throws UnsupportedOperationException if the model asks for what Sepal does not do
   */
  public static Model modelFromJson(String json) {
    return modelFromJson(json, options -> {});
  }

  /**
   * The same, or not compiled.
   *
   * @param options sets what differs from the defaults
   */
  public static Model modelFromJson(String json, Consumer<LoadOptions> options) {
    LoadOptions given = new LoadOptions();
    options.accept(given);
    String where = "the model's JSON";
    try {
      return Guard.read(where, () -> ModelReader.fromJson(where, json, given));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Saves a model: its configuration and its weights. The name decides about the form: {@code
   * .keras}, or {@code .h5} or {@code .hdf5} for the legacy one.
   *
   * <p>The file is written beside the old one, read back and compared, and then takes its place:
   * whatever happens, one of the two is there as a whole. What Keras could not load again, such as
   * {@code hard_sigmoid} as Keras 2 computed it, is named in a warning to the log.
   *
   * @throws IllegalArgumentException if the name ends otherwise
   * @throws IllegalStateException if the model is not built
   * @throws IOException if the file cannot be written; an old one is as it was then
   * @see "Keras 3.16, keras.Model.save"
   */
  public static void saveModel(Model model, Path file) throws IOException {
    new ModelWriter(model, file, Disk.REAL).saveModel();
    for (String warning : OwnClasses.warnings(model.serialize())) {
      System.getLogger(Keras.class.getName())
          .log(System.Logger.Level.WARNING, "{0}: {1}", file, warning);
    }
  }

  /**
   * Saves the weights of a model alone, as safely as {@link #saveModel}: to {@code .weights.h5}, or
   * to {@code .h5} or {@code .hdf5} in the legacy form.
   *
   * @throws IllegalArgumentException if the name ends otherwise
   * @throws IllegalStateException if the model is not built
   * @throws IOException if the file cannot be written; an old one is as it was then
   * @see "Keras 3.16, keras.Model.save_weights"
   */
  public static void saveWeights(Model model, Path file) throws IOException {
    new ModelWriter(model, file, Disk.REAL).saveWeights();
  }

  /**
   * The configuration of a model as Keras 3 writes it, for {@link #modelFromJson} or Keras' {@code
   * model_from_json}.
   *
   * @see "Keras 3.16, keras.Model.to_json"
   */
  public static String toJson(Model model) {
    return Json.write(model.serialize());
  }

  /**
   * Turns a model in a file into a file of another format, whatever Keras wrote it. The name of the
   * new file decides: {@code .keras}, {@code .h5}, {@code .hdf5}, or for a part of the model {@code
   * .weights.h5} or {@code .json}.
   *
   * @return what was left out or changed, a line for each; empty if nothing was
   * @throws IllegalArgumentException if the file is not sound, or one of the names says no format
   * @throws UnsupportedOperationException if the model asks for what Sepal does not do
   * @throws IOException if a file cannot be read or written; an old one is as it was then
   */
  public static List<String> convert(Path from, Path to) throws IOException {
    return new Converter(from, to).run();
  }

  enum Kind {
    ARCHIVE,
    HDF5
  }

  /** What a file is, by its first bytes: names are often wrong. */
  static Kind kindOf(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return Kind.ARCHIVE;
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(4);
    }
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK")) {
      return Kind.ARCHIVE;
    }
    if (text.equals("\u0089HDF")) {
      return Kind.HDF5;
    }
    throw Problem.in(file.toString(), "not a file that Keras saved")
        .got(start.length == 0 ? "an empty file" : "neither a zip archive nor an HDF5 file")
        .expected("a .keras archive, a .weights.h5 file, or a legacy .h5 file")
        .asInvalidArgument();
  }
}
