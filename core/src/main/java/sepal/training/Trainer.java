package sepal.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.LossScope;
import sepal.layers.Weight;
import sepal.metrics.Metric;
import sepal.optimizers.Optimizer;
import sepal.optimizers.Optimizers;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Trains and evaluates one model: what {@code compile} makes. One thread trains at a time;
 * predicting may go on meanwhile.
 *
 * <p>The loss is the weighted sum of the losses of all outputs, plus the penalties on outputs and
 * on the weights that are not frozen. It is logged, for training and evaluation alike, as its mean
 * over the samples.
 *
 * @see "Keras 3.16, keras.src.backend.torch.trainer"
 */
public final class Trainer {
  private final Layer model;
  private final Optimizer optimizer;
  private final Supplier<List<String>> outputNames;
  private final CompileOptions options;
  private @Nullable Outputs outputs;
  private final Outputs.Mean totalLoss = new Outputs.Mean();
  private volatile boolean stopTraining;

  /**
   * @param outputNames tells the names of the model's outputs once it is built
   * @throws IllegalArgumentException if the optimizer is unknown
   */
  public Trainer(Layer model, Supplier<List<String>> outputNames, CompileOptions options) {
    this.model = model;
    this.outputNames = outputNames;
    this.options = options;
    this.optimizer = Objects.requireNonNull(Optimizers.get(where(), options.optimizer));
    options.check(where());
  }

  private String where() {
    return model + ", compile";
  }

  private Outputs outputs() {
    if (outputs == null) {
      outputs = new Outputs(where(), outputNames.get(), options);
    }
    return outputs;
  }

  /** The arguments of {@code compile}. */
  public CompileOptions options() {
    return options;
  }

  /** What it trains. */
  public Layer model() {
    return model;
  }

  /** What updates the weights. */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** Ends training after the current batch. */
  public void stopTraining() {
    stopTraining = true;
  }

  /** Whether {@link #stopTraining} was called since training began. */
  public boolean isStopping() {
    return stopTraining;
  }

  /** Whether more is better of a logged value: of the loss or of a metric, without {@code val_}. */
  public Metric.Direction direction(String name) {
    return name.equals("loss") ? Metric.Direction.DOWN : outputs().direction(name);
  }

  // ---- one batch

  /**
   * One update on one batch; the logs are of this batch alone.
   *
   * @throws IllegalStateException if the loss is not finite; the weights are as before then
   */
  public synchronized Map<String, Double> trainOnBatch(Batch batch) {
    reset();
    requireFinite(trainStep(batch));
    return logs();
  }

  /** The loss and the metrics of one batch. */
  public synchronized Map<String, Double> testOnBatch(Batch batch) {
    reset();
    testStep(batch);
    return logs();
  }

  /**
   * One update, as Keras' train_step. None if the loss, which it returns, is not finite, or if the
   * labels are wrong: all weights are as before then, the moving averages of layers too.
   */
  private double trainStep(Batch batch) {
    return model.changing(() -> update(batch));
  }

  private double update(Batch batch) {
    try (Tape tape = new Tape();
        LossScope scope = new LossScope()) {
      model.build(batch.x().stream().map(Tensor::shape).toArray(Shape[]::new));
      List<Weight> weights = model.trainableWeights();
      List<Tensor> values = weights.stream().map(Weight::value).toList();
      List<Weight> others = model.nonTrainableWeights();
      List<Tensor> before = others.stream().map(Weight::value).toList();
      boolean done = false;
      try {
        values.forEach(tape::watch);
        List<Tensor> predicted = model.applyAll(batch.x(), true);
        List<Outputs.Term> terms = terms(batch, predicted, scope);
        double total = total(terms);
        note(batch, predicted, total);
        if (Double.isFinite(total)) {
          if (!weights.isEmpty()) {
            optimizer.apply(gradients(tape, terms, values), weights);
          }
          done = true;
        }
        return total;
      } finally {
        for (int i = 0; !done && i < others.size(); i++) {
          others.get(i).assign(before.get(i));
        }
      }
    }
  }

  private void testStep(Batch batch) {
    try (LossScope scope = new LossScope()) {
      model.build(batch.x().stream().map(Tensor::shape).toArray(Shape[]::new));
      List<Tensor> predicted = model.applyAll(batch.x(), false);
      note(batch, predicted, total(terms(batch, predicted, scope)));
    }
  }

  private List<Outputs.Term> terms(Batch batch, List<Tensor> predicted, LossScope scope) {
    if (batch.y().size() != predicted.size() && outputs().hasLoss()) {
      throw Problem.in(model.toString(), "there must be one target for each output")
          .got(batch.y().size() + " targets")
          .expected(Integer.toString(predicted.size()))
          .asInvalidArgument();
    }
    List<Outputs.Term> terms =
        outputs().lossTerms(batch.y(), predicted, batch.sampleWeight(), batch.size());
    scope.penalties().forEach(p -> terms.add(new Outputs.Term(p.value(), p.factor())));
    model.getLossesFor().forEach(penalty -> terms.add(new Outputs.Term(penalty, 1)));
    if (terms.isEmpty()) {
      throw Problem.in(model.toString(), "there is no loss to train with")
          .fix("give compile a loss, or a layer a regularizer")
          .asInvalidArgument();
    }
    return terms;
  }

  private static double total(List<Outputs.Term> terms) {
    double total = 0;
    for (Outputs.Term term : terms) {
      total += term.value().get(0) * term.factor();
    }
    return total;
  }

  private static List<@Nullable Tensor> gradients(
      Tape tape, List<Outputs.Term> terms, List<Tensor> sources) {
    List<Tensor> targets = new ArrayList<>();
    List<Tensor> upstreams = new ArrayList<>();
    for (Outputs.Term term : terms) {
      Tensor value = term.value();
      targets.add(value);
      upstreams.add(Tensor.full(value.dtype(), value.shape(), term.factor()));
    }
    return tape.gradient(targets, upstreams, sources);
  }

  private void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw Problem.in(
              model.toString(), "the loss is not finite; the weights were left as they are")
          .got("loss=" + loss)
          .fix("lower the learning rate, clip gradients, or add TerminateOnNaN to end quietly")
          .asIllegalState();
    }
  }

  private void note(Batch batch, List<Tensor> predicted, double total) {
    totalLoss.add(total, batch.size());
    outputs().updateMetrics(batch.y(), predicted, batch.sampleWeight());
  }

  private void reset() {
    totalLoss.reset();
    if (outputs != null) {
      outputs.reset();
    }
  }

  private Map<String, Double> logs() {
    Map<String, Double> logs = new LinkedHashMap<>();
    logs.put("loss", totalLoss.result());
    if (outputs != null) {
      logs.putAll(outputs.logs());
    }
    return logs;
  }

  // ---- many batches

  /**
   * Trains on tensors, shuffled before each epoch unless the options say otherwise.
   *
   * @param x one tensor for each input, samples on axis 0
   * @param y one tensor for each output
   * @throws IllegalArgumentException if the numbers of samples differ
   * @throws IllegalStateException if the loss is not finite; the weights are those of the last good
   *     update then
   */
  public History fit(List<Tensor> x, List<Tensor> y, FitOptions options) {
    FitData data = FitData.of(x, y, options);
    return fit(data.training(), data.validation(), options);
  }

  /** Trains on batches in the order in which they come. */
  public History fit(Dataset dataset, FitOptions options) {
    return fit(dataset, FitData.validation(options), options);
  }

  private synchronized History fit(
      Dataset dataset, @Nullable Dataset validation, FitOptions options) {
    History history = new History();
    List<Callback> callbacks = options.callbacks;
    Callback.Params params = params(options.epochs, dataset, options.stepsPerEpoch);
    callbacks.forEach(callback -> callback.attach(this, params));
    stopTraining = false;
    Callback.Position start = new Callback.Position(options.initialEpoch, 0);
    for (Callback callback : callbacks) {
      start = callback.resumeAt(start);
    }
    Batches batches = new Batches(dataset, options.stepsPerEpoch, start);
    callbacks.forEach(Callback::onTrainBegin);
    Map<String, Double> logs = Map.of();
    for (int epoch = start.epoch(); epoch < options.epochs && !stopTraining; epoch++) {
      for (Callback callback : callbacks) {
        callback.onEpochBegin(epoch);
      }
      logs = trainEpoch(batches, options);
      if (validation != null && (epoch + 1) % options.validationFreq == 0) {
        for (Map.Entry<String, Double> entry :
            evaluate(validation, options.validationSteps, callbacks).entrySet()) {
          logs.put("val_" + entry.getKey(), entry.getValue());
        }
      }
      for (Callback callback : callbacks) {
        callback.onEpochEnd(epoch, logs);
      }
      history.add(epoch, logs);
    }
    optimizer.finalizeWeights();
    for (Callback callback : callbacks) {
      callback.onTrainEnd(logs);
    }
    return history;
  }

  private Map<String, Double> trainEpoch(Batches batches, FitOptions options) {
    reset();
    int first = batches.firstOfEpoch();
    Iterator<Batch> epoch = batches.epoch();
    Map<String, Double> logs = logs();
    for (int i = first; epoch.hasNext() && !stopTraining; i++) {
      Batch batch = epoch.next();
      for (Callback callback : options.callbacks) {
        callback.onTrainBatchBegin(i);
      }
      double loss = trainStep(FitData.withClassWeights(batch, options.classWeight));
      logs = logs();
      for (Callback callback : options.callbacks) {
        callback.onTrainBatchEnd(i, logs);
      }
      if (!stopTraining) {
        requireFinite(loss);
      }
    }
    return logs;
  }

  static Callback.Params params(int epochs, Dataset dataset, @Nullable Integer steps) {
    return new Callback.Params(epochs, Batches.count(dataset, steps));
  }

  /** The loss and the metrics over a dataset. */
  public synchronized Map<String, Double> evaluate(Dataset dataset, EvaluateOptions options) {
    Callback.Params params = params(1, dataset, options.steps);
    options.callbacks.forEach(callback -> callback.attach(this, params));
    return evaluate(dataset, options.steps, options.callbacks);
  }

  /**
   * The loss and the metrics over tensors.
   *
   * @throws IllegalArgumentException if the numbers of samples differ
   */
  public Map<String, Double> evaluate(List<Tensor> x, List<Tensor> y, EvaluateOptions options) {
    return evaluate(
        new ArrayDataset("evaluate", x, y, options.sampleWeight, options.batchSize, null), options);
  }

  private Map<String, Double> evaluate(
      Dataset dataset, @Nullable Integer steps, List<Callback> callbacks) {
    reset();
    callbacks.forEach(Callback::onTestBegin);
    Iterator<Batch> batches = dataset.iterator();
    for (int i = 0; (steps == null || i < steps) && batches.hasNext(); i++) {
      for (Callback callback : callbacks) {
        callback.onTestBatchBegin(i);
      }
      testStep(batches.next());
      for (Callback callback : callbacks) {
        callback.onTestBatchEnd(i, logs());
      }
    }
    Map<String, Double> logs = logs();
    callbacks.forEach(callback -> callback.onTestEnd(logs));
    return logs;
  }
}
