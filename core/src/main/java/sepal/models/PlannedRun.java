package sepal.models;

import org.jspecify.annotations.Nullable;
import sepal.kernels.Forward;
import sepal.kernels.Kernels;
import sepal.kernels.Parallel;

/** One computation of the kernels, planned again when the weights or the threads change. */
abstract class PlannedRun implements Stage.Run {
  private final Stage.Place x;
  private final Stage.Place y;
  private volatile @Nullable Known known;

  private record Known(Kernels kernels, @Nullable Object prepared, int threads, Forward forward) {}

  PlannedRun(Stage.Place x, Stage.Place y) {
    this.x = x;
    this.y = y;
  }

  abstract Forward plan(Kernels kernels, @Nullable Object prepared);

  @Override
  public final void run(Stage.Frame f, @Nullable Object prepared) {
    Kernels kernels = f.kernels();
    int threads = Parallel.threads();
    Known now = known;
    if (now == null
        || now.kernels != kernels
        || now.prepared != prepared
        || now.threads != threads) {
      now = new Known(kernels, prepared, threads, plan(kernels, prepared));
      known = now;
    }
    now.forward.run(x.array(f), x.at(f), y.array(f), y.at(f));
  }
}
