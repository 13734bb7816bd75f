package sepal.kernels;

/**
 * Tasks that threads share, the same for every call but for the arrays.
 *
 * @param work all tasks together, in multiply-adds
 */
record Shared(int tasks, long work, Task task) implements Forward {

  /** One of the tasks, by its number. */
  interface Task {
    void run(int index, float[] x, int xOffset, float[] y, int yOffset);
  }

  @Override
  public void run(float[] x, int xOffset, float[] y, int yOffset) {
    if (Parallel.isAlone(tasks, work)) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, x, xOffset, y, yOffset);
      }
    } else {
      Parallel.run(tasks, work, i -> task.run(i, x, xOffset, y, yOffset));
    }
  }
}
