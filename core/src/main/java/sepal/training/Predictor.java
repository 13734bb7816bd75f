package sepal.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** Predicts batch by batch while callbacks watch: {@code predict} with options. */
public final class Predictor {
  private final UnaryOperator<List<Tensor>> model;
  private final @Nullable Trainer trainer;
  private final PredictOptions options;

  /**
   * @param model computes the outputs of one batch
   * @param trainer what callbacks are told of; null if the model is not compiled
   */
  public Predictor(
      UnaryOperator<List<Tensor>> model, @Nullable Trainer trainer, PredictOptions options) {
    this.model = model;
    this.trainer = trainer;
    this.options = options;
  }

  /** The outputs for tensors, in batches as the options say. */
  public List<Tensor> predict(List<Tensor> x) {
    return predict(new ArrayDataset("predict", x, List.of(), null, options.batchSize, null));
  }

  /**
   * The outputs for a dataset, one batch after the other; labels are not looked at.
   *
   * @throws IllegalArgumentException if there is no batch
   */
  public List<Tensor> predict(Dataset dataset) {
    List<Callback> callbacks = options.callbacks;
    Callback.Params params = Trainer.params(1, dataset, options.steps);
    callbacks.forEach(callback -> callback.attach(trainer, params));
    callbacks.forEach(Callback::onPredictBegin);
    List<List<Tensor>> parts = new ArrayList<>();
    Iterator<Batch> batches = dataset.iterator();
    for (int i = 0; (options.steps == null || i < options.steps) && batches.hasNext(); i++) {
      for (Callback callback : callbacks) {
        callback.onPredictBatchBegin(i);
      }
      parts.add(model.apply(batches.next().x()));
      for (Callback callback : callbacks) {
        callback.onPredictBatchEnd(i);
      }
    }
    callbacks.forEach(Callback::onPredictEnd);
    if (parts.isEmpty()) {
      throw Problem.in("predict", "there is nothing to predict")
          .got("a dataset without batches")
          .expected("at least one")
          .asInvalidArgument();
    }
    List<Tensor> outputs = new ArrayList<>();
    for (int output = 0; output < parts.get(0).size(); output++) {
      int place = output;
      outputs.add(Tensor.concatRows(parts.stream().map(part -> part.get(place)).toList()));
    }
    return outputs;
  }
}
