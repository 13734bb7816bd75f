package sepal.keras;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything in an HDF5 file as text, to compare files; read by this project, and by h5dump. */
final class Hdf5Text {
  private Hdf5Text() {}

  static Hdf5File open(Path file) throws IOException {
    return Hdf5File.open(file.toString(), ByteSource.of(Files.readAllBytes(file)));
  }

  /** Types, shapes, texts and the hash of the values, by path. */
  static Map<String, String> of(Hdf5File file) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    add(file.root(), tree);
    return tree;
  }

  private static void add(Hdf5Object object, Map<String, String> tree) throws IOException {
    String path = object.path();
    for (Hdf5Attribute attribute : object.attributes().values()) {
      tree.put(
          path + "@" + attribute.name(),
          attribute.type() + " " + attribute.space() + " " + attribute.strings());
    }
    if (object instanceof Hdf5Dataset dataset) {
      int hash = Arrays.hashCode(dataset.read().toDoubleArray());
      tree.put(path, dataset.dtype() + " " + dataset.shape() + " " + hash);
      return;
    }
    tree.put(path + "/", "group");
    for (Hdf5Object child : ((Hdf5Group) object).children().values()) {
      add(child, tree);
    }
  }

  /** Whether HDF5's own tools are there; says so if not. */
  static boolean hasDump() {
    for (String directory : System.getenv("PATH").split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(directory, "h5dump"))) {
        return true;
      }
    }
    System.err.println(
        "SKIPPED: no h5dump on the PATH, so no reader but our own has looked at these files;"
            + " install Debian's hdf5-tools");
    return false;
  }

  /** What h5dump prints about a file, but for its name. */
  static List<String> dump(Path file) throws IOException, InterruptedException {
    Path output = Files.createTempFile("h5dump", ".txt");
    try {
      Process process =
          new ProcessBuilder("h5dump", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("h5dump " + file + ": " + Files.readString(output));
      }
      List<String> lines = Files.readAllLines(output);
      return lines.subList(1, lines.size());
    } finally {
      Files.delete(output);
    }
  }
}
