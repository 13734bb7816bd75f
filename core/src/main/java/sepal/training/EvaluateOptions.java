package sepal.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.tensor.Tensor;

/** The optional arguments of {@code evaluate}, with Keras' defaults. */
public final class EvaluateOptions {
  int batchSize = FitData.DEFAULT_BATCH_SIZE;
  @Nullable Tensor sampleWeight;
  @Nullable Integer steps;
  List<Callback> callbacks = List.of();

  /** With Keras' defaults. */
  public EvaluateOptions() {}

  /** Samples in each batch of tensors; 32 unless given. */
  public EvaluateOptions batchSize(int batchSize) {
    this.batchSize = Check.positive("evaluate", "batchSize", batchSize);
    return this;
  }

  /** One weight for each sample of tensors, in the loss and in weighted metrics. */
  public EvaluateOptions sampleWeight(@Nullable Tensor sampleWeight) {
    this.sampleWeight = sampleWeight;
    return this;
  }

  /** Batches to stop after; all unless given. */
  public EvaluateOptions steps(int steps) {
    this.steps = Check.positive("evaluate", "steps", steps);
    return this;
  }

  /** What watches the evaluation. */
  public EvaluateOptions callbacks(Callback... callbacks) {
    this.callbacks = List.of(callbacks);
    return this;
  }
}
