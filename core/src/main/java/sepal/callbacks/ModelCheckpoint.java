package sepal.callbacks;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.training.Callback;

/**
 * Saves the model after epochs or batches, all of them or only the best.
 *
 * <pre>{@code
 * model.fit(x, y, o -> o.epochs(50).callbacks(new ModelCheckpoint("best-{epoch:02d}.keras",
 *     c -> c.monitor("loss").saveBestOnly(true))));
 * }</pre>
 *
 * @see "Keras 3.16, keras.callbacks.ModelCheckpoint"
 */
public final class ModelCheckpoint extends Callback {
  private static final Pattern FIELD = Pattern.compile("\\{(\\w+)(?::([^}]*))?}");

  private final String path;
  private final CheckpointStore store;
  private final Options options;
  private final Monitor monitor;
  private @Nullable Double best;
  private int epoch;
  private long batches;

  /** The arguments, with Keras' defaults. */
  public static final class Options {
    String monitor = "val_loss";
    String mode = "auto";
    boolean saveBestOnly;
    boolean saveWeightsOnly;
    @Nullable Integer saveFreq;
    @Nullable Double initialValueThreshold;

    Options() {}

    /** The logged value to watch; {@code val_loss} unless given. */
    public Options monitor(String monitor) {
      this.monitor = monitor;
      return this;
    }

    /** {@code min}, {@code max}, or {@code auto}. */
    public Options mode(String mode) {
      this.mode = mode;
      return this;
    }

    /** Whether only improvements are saved. */
    public Options saveBestOnly(boolean bestOnly) {
      this.saveBestOnly = bestOnly;
      return this;
    }

    /** Whether only the weights are saved; false unless given. */
    public Options saveWeightsOnly(boolean weightsOnly) {
      this.saveWeightsOnly = weightsOnly;
      return this;
    }

    /** Batches between two checkpoints; null for one after each epoch. */
    public Options saveFreq(@Nullable Integer batches) {
      this.saveFreq = batches;
      return this;
    }

    /** What the first saved value must be better than. */
    public Options initialValueThreshold(@Nullable Double threshold) {
      this.initialValueThreshold = threshold;
      return this;
    }
  }

  /**
   * Saves the whole model to files after each epoch.
   *
   * @see #ModelCheckpoint(String, Consumer)
   */
  public ModelCheckpoint(String path) {
    this(path, options -> {});
  }

  /**
   * Saves to files, whose directories are made if they are missing. The module that writes them
   * ({@code sepal-keras}) must be present.
   *
   * @param path as {@link #ModelCheckpoint(String, CheckpointStore, Consumer)} takes it
   * @throws IllegalArgumentException if the path ends in something else
   * @throws IllegalStateException if no module is present that writes files
   */
  public ModelCheckpoint(String path, Consumer<Options> set) {
    this(path, files(), set);
  }

  /**
   * Saves to any place.
   *
   * @param path ends in {@code .keras} or {@code .h5}, or {@code .weights.h5} for weights only;
   *     {@code {epoch}}, from 1, and logged names in braces are filled in, with an optional Python
   *     format: {@code {val_loss:.2f}}, {@code {epoch:02d}}
   * @throws IllegalArgumentException if the path ends in something else
   */
  public ModelCheckpoint(String path, CheckpointStore store, Consumer<Options> set) {
    this.path = path;
    this.store = store;
    this.options = new Options();
    set.accept(options);
    boolean fits =
        options.saveWeightsOnly
            ? path.endsWith(".weights.h5")
            : path.endsWith(".keras") || path.endsWith(".h5");
    if (!fits) {
      throw Problem.in("ModelCheckpoint", "the path has another ending")
          .got("\"" + path + "\"")
          .expected(options.saveWeightsOnly ? "\".weights.h5\"" : "\".keras\" or \".h5\"")
          .asInvalidArgument();
    }
    this.monitor =
        new Monitor(
            "ModelCheckpoint", options.monitor, options.saveBestOnly ? options.mode : "min");
  }

  private static CheckpointStore files() {
    return ServiceLoader.load(CheckpointStore.class)
        .findFirst()
        .orElseThrow(
            () ->
                Problem.in("ModelCheckpoint", "no module is present that writes models to files")
                    .fix("add sepal-keras, or give a CheckpointStore")
                    .asIllegalState());
  }

  @Override
  public void onTrainBegin() {
    best = options.initialValueThreshold;
    batches = 0;
  }

  @Override
  public void onEpochBegin(int epoch) {
    this.epoch = epoch;
  }

  @Override
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
    batches++;
    if (options.saveFreq != null && batches % options.saveFreq == 0) {
      save(logs);
    }
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    if (options.saveFreq == null) {
      save(logs);
    }
  }

  private void save(Map<String, Double> logs) {
    if (options.saveBestOnly) {
      Double value = monitor.in(logs, trainer());
      if (value == null || !monitor.better(value, best, 0)) {
        return;
      }
      best = value;
    }
    store.save(trainer().model(), fill(logs), options.saveWeightsOnly);
  }

  private String fill(Map<String, Double> logs) {
    return FIELD
        .matcher(path)
        .replaceAll(
            match -> {
              String name = match.group(1);
              String format = match.group(2);
              if (name.equals("epoch")) {
                String text = format == null ? "%d" : "%" + format;
                return Matcher.quoteReplacement(String.format(text, epoch + 1));
              }
              Double value = logs.get(name);
              if (value == null) {
                throw Problem.in("ModelCheckpoint", "the path names a value that was not logged")
                    .got("{" + name + "}")
                    .expected("epoch or one of " + logs.keySet())
                    .asInvalidArgument();
              }
              String text =
                  format == null ? Double.toString(value) : String.format("%" + format, value);
              return Matcher.quoteReplacement(text);
            });
  }
}
