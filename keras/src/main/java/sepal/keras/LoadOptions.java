package sepal.keras;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * What is loaded from a file, and how much the file may ask for before it is refused. The defaults
 * suit every usual model.
 */
public final class LoadOptions {
  private boolean compile = true;
  private boolean byName;
  private boolean skipMismatch;
  private @Nullable Consumer<String> onSkipped;
  private int configBytes = 16 << 20;
  private long weightBytes = Integer.MAX_VALUE - 8L;
  private int entries = 10_000;
  private int expansion = 200;

  LoadOptions() {}

  /**
   * Whether a model is compiled as the file says, and its optimizer goes on where it was; true by
   * default.
   */
  public LoadOptions compile(boolean compile) {
    this.compile = compile;
    return this;
  }

  /**
   * Whether weights go to the layers of the same names, and other layers are left alone; for legacy
   * {@code .h5} files only. By default layers follow each other as in the file.
   */
  public LoadOptions byName(boolean byName) {
    this.byName = byName;
    return this;
  }

  /**
   * Whether weights that do not fit are left alone; by default nothing is loaded then. As in Keras,
   * a layer of a {@code .weights.h5} or {@code .keras} file fits as a whole or not at all; of a
   * legacy file each weight is judged for itself.
   */
  public LoadOptions skipMismatch(boolean skipMismatch) {
    this.skipMismatch = skipMismatch;
    return this;
  }

  /**
   * Who is told what was left out: what {@link #skipMismatch} left alone, the variables of an
   * optimizer that cannot go on with them, entries of an archive that nothing reads. The log by
   * default.
   */
  public LoadOptions onSkipped(Consumer<String> listener) {
    this.onSkipped = listener;
    return this;
  }

  /** The longest configuration of a model, in bytes; 16 MiB by default. */
  public LoadOptions maxConfigBytes(int bytes) {
    this.configBytes = Check.positive("LoadOptions", "maxConfigBytes", bytes);
    return this;
  }

  /** The largest file of weights inside an archive, in bytes; 2 GiB by default. */
  public LoadOptions maxWeightBytes(int bytes) {
    this.weightBytes = Check.positive("LoadOptions", "maxWeightBytes", bytes);
    return this;
  }

  /** The greatest number of files in an archive; 10,000 by default. */
  public LoadOptions maxEntries(int entries) {
    this.entries = Check.positive("LoadOptions", "maxEntries", entries);
    return this;
  }

  /** How many times larger than the archive its content may be; 200 by default. */
  public LoadOptions maxExpansion(int times) {
    this.expansion = Check.positive("LoadOptions", "maxExpansion", times);
    return this;
  }

  boolean compile() {
    return compile;
  }

  boolean byName() {
    return byName;
  }

  /** Throws, or tells the listener, as {@link #skipMismatch} wants it. */
  void mismatch(Problem problem) {
    if (!skipMismatch) {
      throw problem.asInvalidArgument();
    }
    skipped(
        new Problem(
            problem.where(),
            "skipped: " + problem.what(),
            problem.got(),
            problem.expected(),
            null));
  }

  /** Tells the listener what was left out. */
  void skipped(Problem problem) {
    if (onSkipped == null) {
      System.getLogger(LoadOptions.class.getName())
          .log(System.Logger.Level.WARNING, problem.message());
    } else {
      onSkipped.accept(problem.message());
    }
  }

  int configBytes() {
    return configBytes;
  }

  long weightBytes() {
    return weightBytes;
  }

  int entries() {
    return entries;
  }

  int expansion() {
    return expansion;
  }
}
