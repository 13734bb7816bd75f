package sepal.keras;

import sepal.check.Check;

/** How much a file may ask for before it is refused. The defaults suit every usual model. */
public final class LoadOptions {
  private int configBytes = 16 << 20;
  private long weightBytes = Integer.MAX_VALUE - 8L;
  private int entries = 10_000;
  private int expansion = 200;

  LoadOptions() {}

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
