package sepal.callbacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sepal.training.Callback;

/**
 * Writes a line for each epoch: the epoch, counted from 0, then the logs in the order of their
 * names.
 *
 * @see "Keras 3.16, keras.callbacks.CSVLogger"
 */
public final class CSVLogger extends Callback {
  private final Path file;
  private final String separator;
  private final boolean append;
  private @Nullable List<String> keys;
  private boolean writeHeader;

  /** Writes to this file, from its start. */
  public CSVLogger(Path file) {
    this(file, ",", false);
  }

  /**
   * @param append whether to go on with an existing file
   */
  public CSVLogger(Path file, String separator, boolean append) {
    this.file = file;
    this.separator = separator;
    this.append = append;
  }

  @Override
  public void onTrainBegin() {
    keys = null;
    try {
      writeHeader = !append || !Files.exists(file) || Files.size(file) == 0;
      if (!append) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    List<String> names = keys;
    if (names == null) {
      names = new ArrayList<>(new TreeSet<>(logs.keySet()));
      if (names.stream().noneMatch(name -> name.startsWith("val_"))) {
        List.copyOf(names).stream().map(name -> "val_" + name).forEach(names::add);
      }
      keys = names;
      if (writeHeader) {
        write("epoch" + separator + String.join(separator, names));
      }
    }
    List<String> cells = new ArrayList<>(List.of(Integer.toString(epoch)));
    for (String name : names) {
      Double value = logs.get(name);
      cells.add(value == null ? "NA" : Double.toString(value));
    }
    write(String.join(separator, cells));
  }

  private void write(String line) {
    try {
      Files.writeString(
          file,
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
