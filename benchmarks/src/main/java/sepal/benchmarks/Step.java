package sepal.benchmarks;

import java.util.Locale;

/** What is measured of a layer. */
enum Step {
  /** The output. */
  FORWARD(1, "GFLOP/s"),
  /** The output and the gradients by input, kernels and bias, for a given one by the output. */
  TRAINING(3, "Training step, GFLOP/s");

  /** FLOPs in units of those of the forward: each of its products has a gradient by each factor. */
  final int work;

  final String title;

  Step(int work, String title) {
    this.work = work;
    this.title = title;
  }

  static Step of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
