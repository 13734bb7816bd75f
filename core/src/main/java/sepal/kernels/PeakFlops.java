package sepal.kernels;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What this machine could reach if it only multiplied and added, which other figures are compared
 * with: fused multiply-adds on registers, as many at once as hide their latency. Without fast
 * vectors, what the compiler makes of a plain loop over an array that stays in the cache.
 */
public final class PeakFlops {
  /** A task: tens of microseconds, so that threads that are held up leave more to the others. */
  private static final int CALLS = 10;

  private static final int STEPS = 1000;

  /**
   * A sample of each thread: a third of a millisecond, mostly over before another program cuts in.
   */
  private static final int TASKS = 10;

  /** How long a thread waits for the others, so that all begin together; in nanoseconds. */
  private static final long PATIENCE = 200_000;

  private static final boolean VECTORS =
      KernelChoice.isModulePresent() && KernelChoice.Vector.obstacle() == null;

  /** Keeps the results alive. */
  private static volatile float sink;

  private PeakFlops() {}

  /**
   * One sample, in GFLOP/s of all {@link Parallel#threads} together; a multiply-add counts as two.
   * The first samples are low, since they meet the compiler.
   */
  public static double sample() {
    int threads = Parallel.threads();
    AtomicInteger arrived = new AtomicInteger();
    long[] starts = new long[threads];
    Arrays.fill(starts, Long.MAX_VALUE);
    Parallel.run(
        threads * TASKS,
        task -> {
          if (task < threads) {
            awaitAll(arrived, threads);
            starts[task] = System.nanoTime();
          }
          sink = VECTORS ? Vectors.run() : Scalars.run();
        });
    long end = System.nanoTime();
    long start = Arrays.stream(starts).min().orElse(end);
    long flops = VECTORS ? Vectors.flops() : Scalars.flops();
    return (double) flops * threads * TASKS / Math.max(1, end - start);
  }

  private static void awaitAll(AtomicInteger arrived, int threads) {
    arrived.incrementAndGet();
    long deadline = System.nanoTime() + PATIENCE;
    while (arrived.get() < threads && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  /** Loaded only where the vector module is present. */
  private static final class Vectors {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;

    /**
     * Two, but not for the compiler: it unrolls loops whose step it knows, and then puts several
     * multiply-adds of one chain next to each other, which wait for one another.
     */
    private static int stride = 2;

    static long flops() {
      return 2L * CHAINS * SPECIES.length() * STEPS * CALLS;
    }

    static float run() {
      float sum = 0;
      for (int i = 0; i < CALLS; i++) {
        sum += chains(i);
      }
      return sum;
    }

    /**
     * Twelve chains: enough for every latency, and few enough for sixteen registers. The sum is the
     * addend: as a factor it would be copied to another register in every step. Two steps a round
     * make the method too large to be inlined, where its loop ran at half the speed.
     */
    private static float chains(float start) {
      FloatVector factor = FloatVector.broadcast(SPECIES, 0.5f);
      FloatVector summand = FloatVector.broadcast(SPECIES, 1);
      FloatVector s0 = FloatVector.broadcast(SPECIES, start);
      FloatVector s1 = s0.add(1);
      FloatVector s2 = s0.add(2);
      FloatVector s3 = s0.add(3);
      FloatVector s4 = s0.add(4);
      FloatVector s5 = s0.add(5);
      FloatVector s6 = s0.add(6);
      FloatVector s7 = s0.add(7);
      FloatVector s8 = s0.add(8);
      FloatVector s9 = s0.add(9);
      FloatVector s10 = s0.add(10);
      FloatVector s11 = s0.add(11);
      int step = stride;
      for (int i = 0; i < STEPS; i += step) {
        s0 = factor.fma(summand, s0);
        s1 = factor.fma(summand, s1);
        s2 = factor.fma(summand, s2);
        s3 = factor.fma(summand, s3);
        s4 = factor.fma(summand, s4);
        s5 = factor.fma(summand, s5);
        s6 = factor.fma(summand, s6);
        s7 = factor.fma(summand, s7);
        s8 = factor.fma(summand, s8);
        s9 = factor.fma(summand, s9);
        s10 = factor.fma(summand, s10);
        s11 = factor.fma(summand, s11);
        s0 = factor.fma(summand, s0);
        s1 = factor.fma(summand, s1);
        s2 = factor.fma(summand, s2);
        s3 = factor.fma(summand, s3);
        s4 = factor.fma(summand, s4);
        s5 = factor.fma(summand, s5);
        s6 = factor.fma(summand, s6);
        s7 = factor.fma(summand, s7);
        s8 = factor.fma(summand, s8);
        s9 = factor.fma(summand, s9);
        s10 = factor.fma(summand, s10);
        s11 = factor.fma(summand, s11);
      }
      FloatVector sum = s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7);
      return sum.add(s8).add(s9).add(s10).add(s11).reduceLanes(VectorOperators.ADD);
    }
  }

  private static final class Scalars {
    private static final int SIZE = 192;

    static long flops() {
      return 2L * SIZE * STEPS * CALLS;
    }

    static float run() {
      float[] values = new float[SIZE];
      for (int i = 0; i < CALLS * STEPS; i++) {
        step(values);
      }
      return values[0];
    }

    private static void step(float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] * 0.5f + 1;
      }
    }
  }
}
