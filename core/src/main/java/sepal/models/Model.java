package sepal.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.training.Batch;
import sepal.training.CompileOptions;
import sepal.training.Dataset;
import sepal.training.EvaluateOptions;
import sepal.training.FitOptions;
import sepal.training.History;
import sepal.training.PredictOptions;
import sepal.training.Predictor;
import sepal.training.Trainer;

/**
 * Layers put together so that data go in at one end and predictions come out at the other: a {@link
 * Sequential} stack or a {@link Functional} graph. A model is a layer itself and can be called like
 * one.
 *
 * <p>Any number of threads may predict at once; each gets the same bits as it would alone. What
 * changes weights waits for them: an update of {@code fit} or {@code trainOnBatch}, {@code
 * setWeights}, loading weights; and predictions wait for it, so that none sees half of a change.
 * Two trainings of one model go one after the other. Calling {@code setWeights} or {@code assign}
 * on a layer or weight of the model instead, {@code setTrainable}, and adding or popping layers are
 * for one thread while no other uses the model.
 *
 * @see "Keras 3.16, keras.Model"
 */
public abstract class Model extends Layer {
  /** How many samples go through the model at once unless the caller says otherwise. */
  public static final int DEFAULT_BATCH_SIZE = 32;

  private volatile @Nullable Trainer trainer;

  Model(BasicOptions options) {
    super(options);
  }

  /** The graph behind the model; one that starts without a shape learns it from the inputs. */
  abstract Functional graphFor(List<Tensor> inputs);

  /**
   * The graph behind the model.
   *
   * @param what what the caller wants of it, for the error message
   * @throws IllegalStateException if it does not exist yet
   */
  abstract Functional graph(String what);

  // ---- layers

  /** The layers, in the order that Keras lists them. */
  public abstract List<Layer> layers();

  /** All layers that a file of the model lists. */
  List<Layer> allLayers() {
    return layers();
  }

  /**
   * The layer of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Layer getLayer(String layerName) {
    List<String> names = new ArrayList<>();
    for (Layer layer : layers()) {
      if (layer.name().equals(layerName)) {
        return layer;
      }
      names.add(layer.name());
    }
    throw Problem.in(toString(), "no layer of this name")
        .got("\"" + layerName + "\"" + Check.didYouMean(layerName, names))
        .expected(names.isEmpty() ? "nothing: the model has no layers" : Check.oneOf(names))
        .asInvalidArgument();
  }

  /**
   * The layer at a place in {@link #layers}.
   *
   * @throws IllegalArgumentException if there are fewer
   */
  public final Layer getLayer(int index) {
    List<Layer> layers = layers();
    if (index < 0 || index >= layers.size()) {
      throw Problem.in(toString(), "no layer at this index")
          .got(index)
          .expected(
              layers.isEmpty() ? "nothing: the model has no layers" : "0 to " + (layers.size() - 1))
          .asInvalidArgument();
    }
    return layers.get(index);
  }

  // ---- inputs and outputs

  /**
   * The symbolic inputs.
   *
   * @throws IllegalStateException if a sequential model does not know its input shape yet
   */
  public final List<KerasTensor> inputs() {
    return graph("inputs").inputStructure().tensors();
  }

  /**
   * The symbolic outputs.
   *
   * @throws IllegalStateException if a sequential model does not know its input shape yet
   */
  public final List<KerasTensor> outputs() {
    return graph("outputs").outputStructure().tensors();
  }

  /** The names of the inputs: the keys of the map they were given in, else their layers' names. */
  public final List<String> inputNames() {
    return graph("inputs").inputStructure().names();
  }

  /** The names of the outputs: the keys of the map they were given in, else their layers' names. */
  public final List<String> outputNames() {
    return graph("outputs").outputStructure().names();
  }

  @Override
  public final KerasTensor input() {
    return only("inputs", inputs());
  }

  @Override
  public final KerasTensor output() {
    return only("outputs", outputs());
  }

  @Override
  public final Shape inputShape() {
    return commonShape("inputs", inputs());
  }

  @Override
  public final Shape outputShape() {
    return commonShape("outputs", outputs());
  }

  private KerasTensor only(String what, List<KerasTensor> tensors) {
    if (tensors.size() != 1) {
      throw Problem.in(toString(), "the model has several " + what)
          .got(tensors)
          .fix("call " + what + "()")
          .asIllegalState();
    }
    return tensors.get(0);
  }

  private Shape commonShape(String what, List<KerasTensor> tensors) {
    Set<Shape> shapes = new LinkedHashSet<>();
    for (KerasTensor tensor : tensors) {
      shapes.add(tensor.shape());
    }
    if (shapes.size() != 1) {
      throw Problem.in(toString(), "the " + what + " of the model have several shapes")
          .got(shapes)
          .fix("call " + what + "() and ask each for its shape")
          .asIllegalState();
    }
    return shapes.iterator().next();
  }

  /** A model of its own with the same layers, names and weights, not compiled. */
  @Override
  public final Model copy() {
    return Models.copy(this);
  }

  @Override
  protected final List<Layer> layersInside() {
    return allLayers();
  }

  // ---- weights

  /** The weights of all layers in the layers' order; those of a shared layer once. */
  @Override
  public final List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    for (Layer layer : allLayers()) {
      weights.addAll(layer.weights());
    }
    return withoutRepeats(weights);
  }

  @Override
  public final List<Weight> trainableWeights() {
    List<Weight> weights = new ArrayList<>();
    for (Layer layer : isTrainable() ? allLayers() : List.<Layer>of()) {
      weights.addAll(layer.trainableWeights());
    }
    return withoutRepeats(weights);
  }

  @Override
  public final List<Weight> nonTrainableWeights() {
    if (!isTrainable()) {
      return weights();
    }
    List<Weight> weights = new ArrayList<>();
    for (Layer layer : allLayers()) {
      weights.addAll(layer.nonTrainableWeights());
    }
    return withoutRepeats(weights);
  }

  private static List<Weight> withoutRepeats(List<Weight> weights) {
    return List.copyOf(new LinkedHashSet<>(weights));
  }

  @Override
  public final void setTrainable(boolean trainable) {
    super.setTrainable(trainable);
  }

  // ---- calls as a layer

  @Override
  protected final void createWeights(List<Shape> inputs) {}

  @Override
  public final Shape computeOutputShape(Shape input) {
    List<Shape> outputs = computeOutputShapes(List.of(input));
    if (outputs.size() != 1) {
      throw severalOutputs("call computeOutputShapes");
    }
    return outputs.get(0);
  }

  @Override
  public final List<Shape> computeOutputShapes(List<Shape> inputs) {
    return graph("output shape").outputShapes(inputs);
  }

  @Override
  protected final List<DType> outputDtypes(List<DType> inputs, int outputs) {
    return outputs().stream().map(KerasTensor::dtype).toList();
  }

  /** Left as it is here: every input of a model has a type of its own. */
  @Override
  protected final Tensor castInput(Tensor input) {
    return input;
  }

  @Override
  protected final List<Tensor> call(List<Tensor> inputs, boolean training) {
    Functional graph = graph("outputs");
    return graph.run(graph.fit(inputs), training);
  }

  // ---- prediction

  /**
   * The prediction for one input {@code (n, ...)}, computed in batches of {@value
   * #DEFAULT_BATCH_SIZE} samples.
   *
   * @throws IllegalArgumentException if the input does not suit the model
   * @throws IllegalStateException if the model has several outputs
   */
  public final Tensor predict(Tensor input) {
    return predict(input, DEFAULT_BATCH_SIZE);
  }

  /**
   * The prediction for one input {@code (n, ...)}.
   *
   * @param batchSize how many samples to compute at once, at least 1
   * @throws IllegalArgumentException if the input does not suit the model
   * @throws IllegalStateException if the model has several outputs
   */
  public final Tensor predict(Tensor input, int batchSize) {
    List<Tensor> outputs = predict(List.of(input), batchSize);
    if (outputs.size() != 1) {
      throw severalOutputs("call predict(List.of(input)), or predict(Map.of(name, input))");
    }
    return outputs.get(0);
  }

  private IllegalStateException severalOutputs(String fix) {
    return Problem.in(toString(), "the model has several outputs")
        .got(outputNames())
        .expected("1")
        .fix(fix)
        .asIllegalState();
  }

  /** All predictions for all inputs, in the order of {@link #inputs} and {@link #outputs}. */
  public final List<Tensor> predict(List<Tensor> inputs) {
    return predict(inputs, DEFAULT_BATCH_SIZE);
  }

  /**
   * All predictions for all inputs, in the order of {@link #inputs} and {@link #outputs}.
   *
   * @param batchSize how many samples to compute at once, at least 1
   * @throws IllegalArgumentException if an input is missing or does not suit the model, or they
   *     differ in the number of samples
   */
  public final List<Tensor> predict(List<Tensor> inputs, int batchSize) {
    Check.positive(toString(), "batchSize", batchSize);
    Functional graph = graphFor(inputs);
    return reading(() -> predict(graph, inputs, batchSize));
  }

  private static List<Tensor> predict(Functional graph, List<Tensor> inputs, int batchSize) {
    List<Tensor> samples = graph.fit(inputs);
    int count = graph.sampleCount(samples);
    if (count <= batchSize) {
      return graph.predictAtOnce(samples, count);
    }
    Plan plan = graph.plan();
    List<Tensor> planned = plan.isSamplewise() ? plan.predict(samples, count, batchSize) : null;
    if (planned != null) {
      return planned;
    }
    List<List<Tensor>> parts = new ArrayList<>();
    graph.outputs().forEach(output -> parts.add(new ArrayList<>()));
    for (int from = 0; from < count; from += batchSize) {
      int start = from;
      int end = Math.min(count - from, batchSize) + from;
      List<Tensor> batch = samples.stream().map(input -> input.rows(start, end)).toList();
      List<Tensor> outputs = graph.predictAtOnce(batch, end - start);
      for (int i = 0; i < outputs.size(); i++) {
        parts.get(i).add(outputs.get(i));
      }
    }
    return parts.stream().map(Tensor::concatRows).toList();
  }

  /** All predictions by output name, for inputs by input name. */
  public final Map<String, Tensor> predict(Map<String, Tensor> inputs) {
    return predict(inputs, DEFAULT_BATCH_SIZE);
  }

  /**
   * All predictions by output name, for inputs by input name.
   *
   * @param batchSize how many samples to compute at once, at least 1
   * @throws IllegalArgumentException if an input is missing, unknown or does not suit the model, or
   *     they differ in the number of samples
   * @see #inputNames
   * @see #outputNames
   */
  public final Map<String, Tensor> predict(Map<String, Tensor> inputs, int batchSize) {
    return named(predict(ordered("input", inputNames(), inputs), batchSize));
  }

  /** The tensors of a map in the order of the names, one for each. */
  private List<Tensor> ordered(String what, List<String> names, Map<String, Tensor> given) {
    for (String key : new TreeMap<>(given).keySet()) {
      if (!names.contains(key)) {
        throw Problem.in(toString(), "unknown " + what + " name")
            .got("\"" + key + "\"" + Check.didYouMean(key, names))
            .expected(String.join(", ", names))
            .asInvalidArgument();
      }
    }
    List<Tensor> ordered = new ArrayList<>();
    for (String key : names) {
      Tensor tensor = given.get(key);
      if (tensor == null) {
        throw Problem.in(toString(), "an " + what + " is missing")
            .got(
                given.isEmpty()
                    ? "no " + what + "s"
                    : String.join(", ", new TreeMap<>(given).keySet()))
            .expected(String.join(", ", names))
            .fix("add \"" + key + "\"")
            .asInvalidArgument();
      }
      ordered.add(tensor);
    }
    return ordered;
  }

  private Map<String, Tensor> named(List<Tensor> outputs) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      named.put(outputNames().get(i), outputs.get(i));
    }
    return Collections.unmodifiableMap(named);
  }

  /**
   * The prediction for one input {@code (n, ...)}.
   *
   * @param options sets the batch size, steps, callbacks
   * @throws IllegalArgumentException if the input does not suit the model
   * @throws IllegalStateException if the model has several outputs
   */
  public final Tensor predict(Tensor input, Consumer<PredictOptions> options) {
    List<Tensor> outputs = predict(List.of(input), options);
    if (outputs.size() != 1) {
      throw severalOutputs("call predict(List.of(input), options)");
    }
    return outputs.get(0);
  }

  /** All predictions for all inputs, in the order of {@link #inputs} and {@link #outputs}. */
  public final List<Tensor> predict(List<Tensor> inputs, Consumer<PredictOptions> options) {
    return predictor(options).predict(inputs);
  }

  /** All predictions by output name, for inputs by input name. */
  public final Map<String, Tensor> predict(
      Map<String, Tensor> inputs, Consumer<PredictOptions> options) {
    return named(predict(ordered("input", inputNames(), inputs), options));
  }

  /** All predictions for batches that come one after the other; labels are not looked at. */
  public final List<Tensor> predict(Dataset dataset, Consumer<PredictOptions> options) {
    return predictor(options).predict(dataset);
  }

  private Predictor predictor(Consumer<PredictOptions> options) {
    PredictOptions given = new PredictOptions();
    options.accept(given);
    return new Predictor(
        inputs -> {
          Functional graph = graphFor(inputs);
          return graph.run(graph.fit(inputs), false);
        },
        trainer,
        given);
  }

  // ---- training

  /**
   * Makes the model ready to be trained and evaluated.
   *
   * @param options optimizer (rmsprop unless given), loss, metrics
   * @throws IllegalArgumentException if a name is unknown
   */
  public final void compile(Consumer<CompileOptions> options) {
    CompileOptions given = new CompileOptions();
    options.accept(given);
    compile(given);
  }

  /**
   * Makes the model ready to be trained and evaluated.
   *
   * @throws IllegalArgumentException if a name is unknown
   */
  public final void compile(CompileOptions options) {
    trainer = new Trainer(this, this::outputNames, options);
  }

  /**
   * Makes the model ready to be trained and evaluated.
   *
   * @param optimizer a name, an {@code Optimizer}, or a Keras configuration
   * @param loss a name, a {@code Loss}, or a Keras configuration
   * @param metrics names, {@code Metric}s, or Keras configurations
   * @throws IllegalArgumentException if a name is unknown
   */
  public final void compile(Object optimizer, Object loss, Object... metrics) {
    compile(o -> o.optimizer(optimizer).loss(loss).metrics(metrics));
  }

  /** Whether {@link #compile} was called. */
  public final boolean isCompiled() {
    return trainer != null;
  }

  /**
   * What {@link #compile} made: the optimizer, and training batch by batch.
   *
   * @throws IllegalStateException before compile
   */
  public final Trainer trainer() {
    Trainer made = trainer;
    if (made == null) {
      throw Problem.in(toString(), "the model must be compiled before it is trained or evaluated")
          .fix("call compile(optimizer, loss)")
          .asIllegalState();
    }
    return made;
  }

  /**
   * Trains the model for some epochs.
   *
   * @param x the samples (n, ...)
   * @param y the labels (n, ...)
   * @return the loss and the metrics of each epoch
   * @throws IllegalStateException before compile, or if the loss is not finite
   * @throws IllegalArgumentException if x and y do not suit each other or the model
   */
  public final History fit(Tensor x, Tensor y, Consumer<FitOptions> options) {
    return fit(List.of(x), List.of(y), options);
  }

  /** Trains a model with several inputs or outputs. */
  public final History fit(List<Tensor> x, List<Tensor> y, Consumer<FitOptions> options) {
    FitOptions given = new FitOptions();
    options.accept(given);
    return trainer().fit(x, y, given);
  }

  /** Trains on inputs by input name and labels by output name. */
  public final History fit(
      Map<String, Tensor> x, Map<String, Tensor> y, Consumer<FitOptions> options) {
    return fit(ordered("input", inputNames(), x), ordered("output", outputNames(), y), options);
  }

  /** Trains on batches that come one after the other, so that they need not fit in memory. */
  public final History fit(Dataset dataset, Consumer<FitOptions> options) {
    FitOptions given = new FitOptions();
    options.accept(given);
    return trainer().fit(dataset, given);
  }

  /**
   * The loss and the metrics over samples that are not trained on.
   *
   * @throws IllegalStateException before compile
   */
  public final Map<String, Double> evaluate(Tensor x, Tensor y) {
    return evaluate(List.of(x), List.of(y), DEFAULT_BATCH_SIZE);
  }

  /** The loss and the metrics over samples that are not trained on. */
  public final Map<String, Double> evaluate(List<Tensor> x, List<Tensor> y, int batchSize) {
    return evaluate(x, y, options -> options.batchSize(batchSize));
  }

  /**
   * The loss and the metrics over samples that are not trained on.
   *
   * @param options sets the batch size, sample weights, steps, callbacks
   * @throws IllegalStateException before compile
   */
  public final Map<String, Double> evaluate(Tensor x, Tensor y, Consumer<EvaluateOptions> options) {
    return evaluate(List.of(x), List.of(y), options);
  }

  /** The loss and the metrics of a model with several inputs or outputs. */
  public final Map<String, Double> evaluate(
      List<Tensor> x, List<Tensor> y, Consumer<EvaluateOptions> options) {
    EvaluateOptions given = new EvaluateOptions();
    options.accept(given);
    return trainer().evaluate(x, y, given);
  }

  /** The loss and the metrics over inputs by input name and labels by output name. */
  public final Map<String, Double> evaluate(
      Map<String, Tensor> x, Map<String, Tensor> y, Consumer<EvaluateOptions> options) {
    return evaluate(
        ordered("input", inputNames(), x), ordered("output", outputNames(), y), options);
  }

  /** The loss and the metrics over batches that are not trained on. */
  public final Map<String, Double> evaluate(Dataset dataset) {
    return evaluate(dataset, options -> {});
  }

  /** The loss and the metrics over batches that are not trained on. */
  public final Map<String, Double> evaluate(Dataset dataset, Consumer<EvaluateOptions> options) {
    EvaluateOptions given = new EvaluateOptions();
    options.accept(given);
    return trainer().evaluate(dataset, given);
  }

  /** One update on one batch; its loss and metrics. */
  public final Map<String, Double> trainOnBatch(Tensor x, Tensor y) {
    return trainer().trainOnBatch(new Batch(x, y));
  }

  /** The loss and the metrics of one batch. */
  public final Map<String, Double> testOnBatch(Tensor x, Tensor y) {
    return trainer().testOnBatch(new Batch(x, y));
  }

  /** The prediction for one batch, computed at once. */
  public final Tensor predictOnBatch(Tensor x) {
    return predict(x, Math.max(1, x.shape().get(0)));
  }

  // ---- description

  @Override
  public abstract Map<String, @Nullable Object> getConfig();

  /**
   * The model as Keras 3 writes it down: {@code module}, {@code class_name}, {@code config}, {@code
   * registered_name}, {@code build_config}, {@code compile_config}.
   */
  @Override
  public final Map<String, @Nullable Object> serialize() {
    return ConfigWriter.serialize(this);
  }

  /**
   * The configuration as Keras 3 writes it: without weights, for {@link #fromJson} or Keras' {@code
   * model_from_json}.
   *
   * @throws IllegalStateException if {@code sepal-keras}, which writes it, is not present
   * @see "Keras 3.16, keras.Model.to_json"
   */
  public final String toJson() {
    return ModelJson.find().write(this);
  }

  /**
   * A new model, with new weights, from what {@code model.to_json()} returned in any Keras.
   *
   * @throws IllegalArgumentException if it is not such a text, or contains a class that is not
   *     known, or code
   * @throws UnsupportedOperationException if the model asks for what Sepal does not do
   * @throws IllegalStateException if {@code sepal-keras}, which reads it, is not present
   */
  public static Model fromJson(String json) {
    return ModelJson.find().read(json);
  }

  /** The arguments of {@link #compile}; empty before it was called. */
  final Map<String, @Nullable Object> compileConfig() {
    Trainer made = trainer;
    return made == null ? Map.of() : made.options().getConfig(made.optimizer());
  }

  /** What {@link Models#fromConfig} needs to build the shapes again. */
  abstract @Nullable Map<String, @Nullable Object> buildConfig();

  /** The table of layers that Keras prints, with a line break at the end. */
  public final String summary() {
    return summary(options -> {});
  }

  /**
   * The table of layers that Keras prints, with a line break at the end.
   *
   * @param options sets width, columns, nested models
   * @throws IllegalArgumentException if an option is out of range
   */
  public final String summary(Consumer<SummaryOptions> options) {
    SummaryOptions given = new SummaryOptions();
    options.accept(given);
    String text = new Summary(this, given).toString();
    given.print(text);
    return text;
  }
}
