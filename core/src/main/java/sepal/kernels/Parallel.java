package sepal.kernels;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * Splits work over the processors. The caller takes part; the others are daemon threads that end
 * when idle. Between jobs they stay awake for a moment, since a model has the next layer ready in
 * less time than it takes to wake a thread. Safe to use from many threads at once. Work that is
 * started from within a task stays on the thread of that task.
 */
public final class Parallel {
  /** Below this many multiply-adds, waking a thread costs more than it saves. */
  private static final long SMALL = 400_000;

  /** How long a thread without work waits for some before it sleeps. */
  private static final long AWAKE_NANOS = 100_000;

  /** True on a thread that runs a task. */
  private static final ThreadLocal<@Nullable Boolean> BUSY = new ThreadLocal<>();

  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final ThreadPoolExecutor POOL = newPool();

  /** As many entries as helpers have been asked for and have not come yet. */
  private static final Queue<Job> CALLS = new ConcurrentLinkedQueue<>();

  /** Helpers that are awake and that nobody has claimed. */
  private static final AtomicInteger AWAKE = new AtomicInteger();

  private static volatile int threads = Runtime.getRuntime().availableProcessors();

  private Parallel() {}

  /** The number of threads that share the work of one call, the caller included. */
  public static int threads() {
    return threads;
  }

  /**
   * Sets the number of threads for all calls that start from now on. Results are the same bits for
   * any number.
   *
   * @throws IllegalArgumentException if {@code count} is not positive
   */
  public static void setThreads(int count) {
    if (count < 1) {
      throw Problem.in("Parallel", "the number of threads must be positive")
          .got(count)
          .expected("1 or more")
          .asInvalidArgument();
    }
    threads = count;
  }

  /**
   * Calls {@code task} with 0, 1, ... {@code tasks - 1}, in any order and on several threads, and
   * returns when all have ended.
   *
   * @throws RuntimeException or Error, the first that a task threw; tasks that had not begun are
   *     left out
   */
  public static void run(int tasks, IntConsumer task) {
    run(tasks, Long.MAX_VALUE, task);
  }

  /**
   * The same, on the calling thread alone where the work is small.
   *
   * @param work all tasks together, in multiply-adds
   */
  public static void run(int tasks, long work, IntConsumer task) {
    if (isAlone(tasks, work)) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    int helpers = Math.min(threads, tasks) - 1;
    growPool(helpers);
    Job job = new Job(tasks, task);
    for (int i = 0; i < helpers; i++) {
      CALLS.add(job);
      if (!claim()) {
        POOL.execute(Parallel::help);
      }
    }
    job.run();
    job.await();
  }

  /** Whether {@link #run} would leave everything to the calling thread. */
  static boolean isAlone(int tasks, long work) {
    return Math.min(threads, tasks) <= 1 || work < SMALL || isBusy();
  }

  private static boolean isBusy() {
    return Boolean.TRUE.equals(BUSY.get());
  }

  /** Takes one from the helpers that are awake; false if there is none. */
  private static boolean claim() {
    for (int awake = AWAKE.get(); awake > 0; awake = AWAKE.get()) {
      if (AWAKE.compareAndSet(awake, awake - 1)) {
        return true;
      }
    }
    return false;
  }

  /** A helper from waking to sleep. It may sleep only if it can claim itself. */
  private static void help() {
    long end = System.nanoTime() + AWAKE_NANOS;
    while (System.nanoTime() < end || !claim()) {
      Job job = CALLS.poll();
      if (job == null) {
        Thread.onSpinWait();
      } else {
        job.run();
        AWAKE.incrementAndGet();
        end = System.nanoTime() + AWAKE_NANOS;
      }
    }
  }

  /** Calls {@code work}, none of which is shared with other threads. */
  static void alone(Runnable work) {
    boolean before = isBusy();
    BUSY.set(true);
    try {
      work.run();
    } finally {
      BUSY.set(before);
    }
  }

  private static ThreadPoolExecutor newPool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "sepal-" + NAMES.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static void growPool(int helpers) {
    if (POOL.getCorePoolSize() < helpers) {
      synchronized (POOL) {
        POOL.setCorePoolSize(Math.max(helpers, POOL.getCorePoolSize()));
      }
    }
  }

  /** One call of {@link #run}: every thread that runs it takes tasks until none is left. */
  private static final class Job implements Runnable {
    private final int tasks;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger open;
    private final Thread caller = Thread.currentThread();
    private volatile @Nullable Throwable failure;

    Job(int tasks, IntConsumer task) {
      this.tasks = tasks;
      this.task = task;
      this.open = new AtomicInteger(tasks);
    }

    @Override
    public void run() {
      BUSY.set(true);
      try {
        for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
          runOne(i);
        }
      } finally {
        BUSY.set(false);
      }
    }

    private void runOne(int i) {
      try {
        if (failure == null) {
          task.accept(i);
        }
      } catch (Throwable t) {
        failure = t;
      } finally {
        if (open.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Waits for the tasks that other threads have begun. */
    void await() {
      long end = System.nanoTime() + AWAKE_NANOS;
      while (open.get() > 0 && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (open.get() > 0) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }
}
