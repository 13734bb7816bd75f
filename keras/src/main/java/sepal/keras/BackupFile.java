package sepal.keras;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.callbacks.BackupAndRestore;
import sepal.check.Problem;
import sepal.layers.SeedGenerator;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/**
 * Keeps the state of a training in one HDF5 file, so that it outlives the process:
 *
 * <pre>{@code
 * model.fit(x, y, o -> o.epochs(50)
 *     .callbacks(new BackupAndRestore(new BackupFile(Path.of("training.backup.h5")))));
 * }</pre>
 *
 * <p>The file is replaced as a whole: whoever is killed while it is written leaves the state
 * before.
 */
public final class BackupFile implements BackupAndRestore.Store {
  private static final String WEIGHTS = "weights";
  private static final String OPTIMIZER = "optimizer";
  private static final String TRAINING = "training";

  private final Path file;

  /**
   * @param file need not exist yet; it is deleted when training has ended well
   */
  public BackupFile(Path file) {
    this.file = file;
  }

  /**
   * The state in the file, or null if there is no file.
   *
   * @throws IllegalArgumentException if it is not such a file
   * @throws UncheckedIOException if it cannot be read
   */
  @Override
  public BackupAndRestore.@Nullable State read() {
    if (!Files.exists(file)) {
      return null;
    }
    String where = file.toString();
    try {
      return Guard.read(
          where,
          () -> {
            try (Hdf5File hdf5 = Hdf5File.open(where, ByteSource.open(file))) {
              return read(where, hdf5.root());
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BackupAndRestore.State read(String where, Hdf5Group root) throws IOException {
    Hdf5Attribute training = root.attribute(TRAINING);
    if (training == null) {
      throw Problem.in(where, "not a backup of a training")
          .got("no attribute \"" + TRAINING + "\"")
          .fix("name another file; this one is left as it is")
          .asInvalidArgument();
    }
    Map<String, @Nullable Object> json = Json.parseObject(where, training.string());
    List<SeedGenerator.State> seeds = new ArrayList<>();
    for (List<Long> numbers : pairs(where, json.get("seeds"))) {
      seeds.add(new SeedGenerator.State(numbers.get(0), numbers.get(1)));
    }
    List<Long> next = pairs(where, List.of(json.getOrDefault("next", ""))).get(0);
    return new BackupAndRestore.State(
        new Callback.Position(Math.toIntExact(next.get(0)), Math.toIntExact(next.get(1))),
        tensors(root, WEIGHTS),
        tensors(root, OPTIMIZER),
        seeds);
  }

  private static List<List<Long>> pairs(String where, @Nullable Object list) {
    List<List<Long>> pairs = new ArrayList<>();
    for (Object item : list instanceof List<?> items ? items : List.of("")) {
      if (!(item instanceof List<?> pair)
          || pair.size() != 2
          || !pair.stream().allMatch(number -> number instanceof Number)) {
        throw Problem.in(where, "not a backup of a training")
            .got(item)
            .expected("two numbers")
            .asInvalidArgument();
      }
      pairs.add(pair.stream().map(number -> ((Number) number).longValue()).toList());
    }
    return pairs;
  }

  private static List<Tensor> tensors(Hdf5Group root, String name) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    Hdf5Group group = root.group(name);
    for (int i = 0; group != null; i++) {
      Hdf5Dataset array = group.dataset(String.valueOf(i));
      if (array == null) {
        break;
      }
      tensors.add(array.read());
    }
    return tensors;
  }

  /**
   * Replaces the file.
   *
   * @throws UncheckedIOException if it cannot be written; it is as it was then
   */
  @Override
  public void write(BackupAndRestore.State state) {
    Hdf5Tree tree = new Hdf5Tree();
    put(tree.group(WEIGHTS), state.weights());
    put(tree.group(OPTIMIZER), state.optimizer());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("next", List.of(state.next().epoch(), state.next().batch()));
    json.put("seeds", state.seeds().stream().map(s -> List.of(s.seed(), s.draws())).toList());
    tree.text(TRAINING, Json.write(json));
    try {
      SafeFile.replace(
          file,
          Disk.REAL,
          new Hdf5Writer(tree)::writeTo,
          written -> {
            try (Hdf5File hdf5 = Hdf5File.open(written.toString(), ByteSource.open(written))) {
              Hdf5Check.same(tree, hdf5.root());
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Hdf5Tree group, List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      group.array(String.valueOf(i), tensors.get(i));
    }
  }

  @Override
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
