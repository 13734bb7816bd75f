package sepal.cli;

import java.util.Arrays;
import sepal.kernels.PeakFlops;

/**
 * How long a task takes, and what the machine could reach in the same moments: runs of the task and
 * samples of the peak take turns, so that their ratio holds where others use the machine too.
 *
 * @param millis the median
 * @param peak GFLOP/s that nine of ten samples do not exceed: other programs make samples lower,
 *     and a peak that is too low would flatter
 */
record Timing(double millis, double peak) {
  /** How long to warm up, and how much to time. */
  enum Effort {
    USUAL(1_000_000_000, 10_000_000_000L, 30, 500_000_000),
    /** To see that it works. */
    LEAST(0, 0, 3, 0);

    private final long leastWarmUp;
    private final long mostWarmUp;
    private final int runs;
    private final long nanos;

    Effort(long leastWarmUp, long mostWarmUp, int runs, long nanos) {
      this.leastWarmUp = leastWarmUp;
      this.mostWarmUp = mostWarmUp;
      this.runs = runs;
      this.nanos = nanos;
    }
  }

  /** Nanoseconds of runs between two samples of the peak. */
  private static final long TURN = 2_000_000;

  private static final int MOST_RUNS = 100_000;

  /** Warm enough: one turn takes as long as the one before, but for this share. */
  private static final double STABLE = 0.03;

  static Timing of(Runnable task, Effort effort) {
    warmUp(task, effort);
    Samples times = new Samples();
    Samples peaks = new Samples();
    long begin = System.nanoTime();
    while (times.count < effort.runs
        || (System.nanoTime() - begin < effort.nanos && times.count < MOST_RUNS)) {
      peaks.add(PeakFlops.sample());
      turn(task, times);
    }
    return new Timing(times.quantile(0.5) / 1e6, peaks.quantile(0.9));
  }

  private static void warmUp(Runnable task, Effort effort) {
    long begin = System.nanoTime();
    double before = 0;
    double now = Double.POSITIVE_INFINITY;
    while (elapsed(begin) < effort.leastWarmUp
        || (elapsed(begin) < effort.mostWarmUp && Math.abs(now - before) > STABLE * before)) {
      before = now;
      PeakFlops.sample();
      Samples times = new Samples();
      for (int i = 0; i < 4; i++) {
        turn(task, times);
      }
      now = times.quantile(0.5);
    }
  }

  private static long elapsed(long begin) {
    return System.nanoTime() - begin;
  }

  private static void turn(Runnable task, Samples times) {
    long begin = System.nanoTime();
    long from = begin;
    do {
      task.run();
      long to = System.nanoTime();
      times.add(to - from);
      from = to;
    } while (from - begin < TURN);
  }

  private static final class Samples {
    private double[] values = new double[64];
    private int count;

    void add(double value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    double quantile(double share) {
      double[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      double at = share * (count - 1);
      int below = (int) at;
      int above = Math.min(below + 1, count - 1);
      return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
  }
}
