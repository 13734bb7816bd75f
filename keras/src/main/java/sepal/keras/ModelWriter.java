package sepal.keras;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.models.Model;

/** Takes models apart into the configuration and the weights that a file holds. */
final class ModelWriter {
  /** The Keras whose files these are like. */
  static final String KERAS_VERSION = "3.16.0";

  /** Of Keras' backends the one whose files have the same types; no reader asks for more. */
  static final String BACKEND = "torch";

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd@HH:mm:ss", Locale.ROOT);

  private final Model model;
  private final Path file;
  private final Disk disk;

  ModelWriter(Model model, Path file, Disk disk) {
    this.model = model;
    this.file = file;
    this.disk = disk;
  }

  enum Format {
    KERAS(".keras"),
    WEIGHTS(".weights.h5"),
    LEGACY(".h5", ".hdf5"),
    JSON(".json");

    private final String[] endings;

    Format(String... endings) {
      this.endings = endings;
    }

    static @Nullable Format of(Path file) {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      for (Format format : values()) {
        if (Arrays.stream(format.endings).anyMatch(name::endsWith)) {
          return format;
        }
      }
      return null;
    }
  }

  void saveModel() throws IOException {
    Format format = Format.of(file);
    if (format == Format.KERAS) {
      saveArchive();
    } else if (format == Format.LEGACY) {
      saveHdf5(LegacyTree.model(built()));
    } else {
      throw wrongName("a whole model is not saved under this name")
          .expected("a name that ends with .keras, .h5 or .hdf5")
          .fix(
              format == Format.WEIGHTS
                  ? "call saveWeights for the weights alone"
                  : "add .keras to the name")
          .asInvalidArgument();
    }
  }

  void saveWeights() throws IOException {
    Format format = Format.of(file);
    if (format == Format.WEIGHTS) {
      saveHdf5(SavedWeights.tree(built()));
    } else if (format == Format.LEGACY) {
      saveHdf5(LegacyTree.weights(built()));
    } else {
      throw wrongName("weights are not saved under this name")
          .expected("a name that ends with .weights.h5, or .h5 or .hdf5 for the legacy form")
          .fix(
              format == Format.KERAS
                  ? "call saveModel for the whole model"
                  : "add .weights.h5 to the name")
          .asInvalidArgument();
    }
  }

  void saveJson() throws IOException {
    byte[] json = Json.write(model.serialize()).getBytes(StandardCharsets.UTF_8);
    SafeFile.replace(
        file,
        disk,
        out -> out.write(json),
        written -> {
          if (!Arrays.equals(json, Files.readAllBytes(written))) {
            throw new IOException("it is another text");
          }
        });
  }

  private Problem wrongName(String what) {
    return Problem.in(file.toString(), what).got("\"" + file.getFileName() + "\"");
  }

  /** Without weights there would be nothing to load later. */
  private Model built() {
    if (!model.isBuilt()) {
      throw Problem.in(model.toString(), "a model without weights is not saved")
          .fix("call build(inputShape) first")
          .asIllegalState();
    }
    return model;
  }

  private void saveHdf5(Hdf5Tree tree) throws IOException {
    SafeFile.replace(
        file,
        disk,
        new Hdf5Writer(tree)::writeTo,
        written -> {
          try (Hdf5File hdf5 = Hdf5File.open(written.toString(), ByteSource.open(written))) {
            Hdf5Check.same(tree, hdf5.root());
          }
        });
  }

  private void saveArchive() throws IOException {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("keras_version", KERAS_VERSION);
    metadata.put("date_saved", LocalDateTime.now(ZoneId.systemDefault()).format(DATE));
    byte[] metadataJson = Json.write(metadata).getBytes(StandardCharsets.UTF_8);
    byte[] config = Json.write(built().serialize()).getBytes(StandardCharsets.UTF_8);
    Hdf5Tree tree = SavedWeights.tree(model);
    Hdf5Writer weights = new Hdf5Writer(tree);
    SafeFile.replace(
        file,
        disk,
        out -> {
          // Python's zip files do not mark plain names as UTF-8.
          ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.US_ASCII);
          put(zip, Archive.METADATA, metadataJson.length, entry -> entry.write(metadataJson));
          put(zip, Archive.CONFIG, config.length, entry -> entry.write(config));
          put(zip, Archive.WEIGHTS, weights.size(), weights::writeTo);
          zip.finish();
        },
        written -> {
          try (Archive archive = Archive.open(written, new LoadOptions())) {
            same(Archive.METADATA, metadataJson, archive);
            same(Archive.CONFIG, config, archive);
            ByteSource read = archive.source(Archive.WEIGHTS, Long.MAX_VALUE);
            try (Hdf5File hdf5 = Hdf5File.open(Archive.WEIGHTS, read)) {
              Hdf5Check.same(tree, hdf5.root());
              read.verify();
            }
          }
        });
  }

  /** Adds an entry that is stored as it is; its checksum comes before it, so it is made twice. */
  private static void put(ZipOutputStream zip, String name, long size, SafeFile.Content content)
      throws IOException {
    CRC32 checksum = new CRC32();
    content.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), checksum));
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
  }

  private static void same(String name, byte[] expected, Archive archive) throws IOException {
    byte[] found = archive.find(name, expected.length);
    if (!Arrays.equals(expected, found)) {
      throw new IOException(name + " is not what was written");
    }
  }
}
