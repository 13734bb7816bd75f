package sepal.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;

/** The optional arguments of {@code predict}, with Keras' defaults. */
public final class PredictOptions {
  int batchSize = FitData.DEFAULT_BATCH_SIZE;
  @Nullable Integer steps;
  List<Callback> callbacks = List.of();

  /** With Keras' defaults. */
  public PredictOptions() {}

  /** Samples in each batch of tensors; 32 unless given. */
  public PredictOptions batchSize(int batchSize) {
    this.batchSize = Check.positive("predict", "batchSize", batchSize);
    return this;
  }

  /** Batches to stop after; all unless given. */
  public PredictOptions steps(int steps) {
    this.steps = Check.positive("predict", "steps", steps);
    return this;
  }

  /** What watches the prediction. */
  public PredictOptions callbacks(Callback... callbacks) {
    this.callbacks = List.of(callbacks);
    return this;
  }
}
