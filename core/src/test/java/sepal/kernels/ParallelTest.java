package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private final int before = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(before);
  }

  @Test
  void every_task_runs_once() {
    for (int threads : new int[] {1, 2, 8}) {
      Parallel.setThreads(threads);
      for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        Parallel.run(tasks, runs::incrementAndGet);
        for (int i = 0; i < tasks; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void tasks_run_at_the_same_time_on_daemon_threads_and_the_caller() {
    Parallel.setThreads(3);
    CountDownLatch all = new CountDownLatch(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Parallel.run(
        3,
        i -> {
          threads.add(Thread.currentThread());
          all.countDown();
          await(all);
        });
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
    threads.remove(Thread.currentThread());
    assertThat(threads).allMatch(Thread::isDaemon);
  }

  @Test
  void work_within_a_task_stays_on_its_thread() {
    Parallel.setThreads(4);
    Parallel.run(
        4,
        i -> {
          Thread outer = Thread.currentThread();
          Parallel.run(10, j -> assertThat(Thread.currentThread()).isSameAs(outer));
        });
  }

  @Test
  void small_work_stays_on_the_calling_thread() {
    Parallel.setThreads(4);
    Thread caller = Thread.currentThread();
    Parallel.run(100, 1000, i -> assertThat(Thread.currentThread()).isSameAs(caller));
  }

  @Test
  void what_a_task_throws_reaches_the_caller() {
    for (int threads : new int[] {1, 4}) {
      Parallel.setThreads(threads);
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      50,
                      i -> {
                        if (i == 20) {
                          throw new IllegalStateException("task " + i);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task 20");
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      5,
                      i -> {
                        throw new AssertionError("task");
                      }))
          .isInstanceOf(AssertionError.class);
      AtomicInteger runs = new AtomicInteger();
      Parallel.run(5, i -> runs.incrementAndGet());
      assertThat(runs).hasValue(5);
    }
  }

  @Test
  void many_threads_may_call_at_once() throws InterruptedException {
    Parallel.setThreads(3);
    AtomicInteger sum = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread caller =
          new Thread(
              () -> {
                for (int round = 0; round < 200; round++) {
                  Parallel.run(5, sum::addAndGet);
                }
              });
      callers.add(caller);
      caller.start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(sum).hasValue(8 * 200 * (0 + 1 + 2 + 3 + 4));
  }

  @Test
  void the_number_of_threads_must_be_positive() {
    assertThatThrownBy(() -> Parallel.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Parallel: the number of threads must be positive
              got:      0
              expected: 1 or more""");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
