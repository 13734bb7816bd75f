package sepal.callbacks;

import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sepal.training.Callback;

/**
 * Tells how far training, evaluation or prediction has come, as Keras does with {@code verbose}:
 * with {@code System.out::print} a bar in a terminal.
 *
 * @see "Keras 3.16, keras.callbacks.ProgbarLogger"
 */
public final class ProgbarLogger extends Callback {
  private static final int BAR = 20;
  private static final long PAUSE = 100_000_000; // nanoseconds between two bars

  private final Consumer<String> out;
  private final boolean bar;
  private final LongSupplier nanoTime;
  private boolean training;
  private int done;
  private long begin;
  private long shown;
  private int width;

  /** A bar that moves: Keras' {@code verbose=1}. */
  public ProgbarLogger(Consumer<String> out) {
    this(out, true);
  }

  /**
   * @param out takes pieces of text with their line breaks; a bar begins with a carriage return
   * @param bar false for one line at the end of each epoch: Keras' {@code verbose=2}
   */
  public ProgbarLogger(Consumer<String> out, boolean bar) {
    this(out, bar, System::nanoTime);
  }

  ProgbarLogger(Consumer<String> out, boolean bar, LongSupplier nanoTime) {
    this.out = out;
    this.bar = bar;
    this.nanoTime = nanoTime;
  }

  @Override
  public void onTrainBegin() {
    training = true;
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    training = false;
  }

  @Override
  public void onEpochBegin(int epoch) {
    out.accept("Epoch " + (epoch + 1) + "/" + params().epochs() + "\n");
    start();
  }

  @Override
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
    step(batch, logs);
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    finish(logs);
  }

  @Override
  public void onTestBegin() {
    if (!training) {
      start();
    }
  }

  @Override
  public void onTestBatchEnd(int batch, Map<String, Double> logs) {
    if (!training) {
      step(batch, logs);
    }
  }

  @Override
  public void onTestEnd(Map<String, Double> logs) {
    if (!training) {
      finish(logs);
    }
  }

  @Override
  public void onPredictBegin() {
    start();
  }

  @Override
  public void onPredictBatchEnd(int batch) {
    step(batch, Map.of());
  }

  @Override
  public void onPredictEnd() {
    finish(Map.of());
  }

  private void start() {
    begin = nanoTime.getAsLong();
    shown = begin - PAUSE;
    done = 0;
    width = 0;
  }

  private void step(int batch, Map<String, Double> logs) {
    done = batch + 1;
    long now = nanoTime.getAsLong();
    if (bar && now - shown >= PAUSE) {
      shown = now;
      show(now, done, logs, "");
    }
  }

  private void finish(Map<String, Double> logs) {
    show(nanoTime.getAsLong(), done, logs, "\n");
  }

  private void show(long now, int steps, Map<String, Double> logs, String end) {
    @Nullable Integer all = params().steps();
    String of = all == null ? (end.isEmpty() ? "Unknown" : String.valueOf(steps)) : all.toString();
    double seconds = (now - begin) / 1e9;
    StringBuilder line = new StringBuilder();
    line.append(String.format("%" + of.length() + "d/%s ", steps, of));
    if (bar && all != null) {
      int full = (int) Math.min(BAR, (long) BAR * steps / all);
      line.append("━".repeat(full)).append("─".repeat(BAR - full)).append(' ');
    } else if (!bar) {
      line.append("- ");
    }
    line.append(String.format(Locale.ROOT, "%.0fs", seconds));
    line.append(bar ? " " : " - ");
    line.append(time(seconds / Math.max(1, steps))).append("/step");
    logs.forEach(
        (name, value) -> line.append(" - ").append(name).append(": ").append(number(value)));
    String text = line.toString();
    out.accept((bar ? "\r" : "") + text + " ".repeat(Math.max(0, width - text.length())) + end);
    width = text.length();
  }

  private static String time(double seconds) {
    if (seconds >= 1) {
      return String.format(Locale.ROOT, "%.0fs", seconds);
    }
    return seconds >= 1e-3
        ? String.format(Locale.ROOT, "%.0fms", seconds * 1e3)
        : String.format(Locale.ROOT, "%.0fus", seconds * 1e6);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) > 1e-3 ? "%.4f" : "%.4e", value);
  }
}
