package sepal.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Configurable;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.regularizers.Regularizer;
import sepal.regularizers.Regularizers;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;

/**
 * A function of tensors with weights of its own: Keras' {@code Layer}.
 *
 * <p>A layer makes its weights when it first learns the shape of its input: at the first {@link
 * #apply}, or at {@link #build}. After that, calls from many threads at once are safe.
 *
 * <p>To write one, extend this class and override {@link #call(Tensor, boolean)} and {@link
 * #computeOutputShape(Shape)}, and {@link #createWeights(Shape)} if it has weights. Layers with
 * several inputs or outputs override the methods that take lists instead.
 */
public abstract class Layer implements Configurable {
  private final LayerConfig config;
  private final String name;
  private final @Nullable Regularizer activityRegularizer;
  private final @Nullable Shape givenInputShape;
  private @Nullable List<Tensor> givenWeights;
  private final List<Weight> weights = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private volatile boolean trainable;
  private volatile boolean built;
  private @Nullable InputSpec inputSpec;

  /**
   * A layer with resolved arguments.
   *
   * @param options what was given, for what is not part of the configuration
   * @param config what it froze into
   */
  protected Layer(LayerOptions<?> options, LayerConfig config) {
    this.config = config;
    this.activityRegularizer = Regularizers.get(options.where(), options.activityRegularizer);
    this.name = config.name() == null ? LayerNames.next(className()) : config.name();
    this.trainable = config.trainable();
    this.givenInputShape = options.givenInputShape();
    this.givenWeights = options.weights;
  }

  /** A layer without arguments of its own. */
  protected Layer(BasicOptions options) {
    this(options, options.freeze(BasicConfig.class));
  }

  /** The options of a layer that has none of its own. */
  public static final class BasicOptions extends LayerOptions<BasicOptions> {
    public BasicOptions(String className) {
      super(className);
    }

    static BasicOptions of(String className, Consumer<BasicOptions> options) {
      BasicOptions given = new BasicOptions(className);
      options.accept(given);
      return given;
    }
  }

  record BasicConfig(@Nullable String name, boolean trainable, DTypePolicy dtype)
      implements LayerConfig {}

  // ---- identity

  /** The name, unique within a model. */
  public final String name() {
    return name;
  }

  @Override
  public @Nullable String module() {
    return getClass().getPackageName().startsWith("sepal.") ? "keras.layers" : null;
  }

  /** The resolved arguments. */
  public LayerConfig config() {
    return config;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    if (config instanceof Record record) {
      Arguments.toMap(record)
          .forEach(
              (key, value) -> {
                map.put(key, value);
                if (key.equals("dtype") && activityRegularizer != null) {
                  map.put("activity_regularizer", activityRegularizer.serialize());
                }
              });
    }
    map.put("name", name);
    map.put("trainable", trainable);
    return map;
  }

  /** The type of the weights. */
  public final DType dtype() {
    return config.dtype().variableDtype();
  }

  /** The type that inputs are cast to and outputs have. */
  public final DType computeDtype() {
    return config.dtype().computeDtype();
  }

  /** The penalty on the output, or null. */
  public final @Nullable Regularizer activityRegularizer() {
    return activityRegularizer;
  }

  public final boolean isTrainable() {
    return trainable;
  }

  /** Freezes (false) or thaws the weights of this layer and of the layers inside it. */
  public void setTrainable(boolean trainable) {
    this.trainable = trainable;
  }

  // ---- weights

  /** Whether the weights exist. */
  public boolean isBuilt() {
    return built;
  }

  /** The shape of a batch that the arguments tell, or null. */
  public final @Nullable Shape givenInputShape() {
    return givenInputShape;
  }

  /**
   * Makes the weights for inputs of these shapes; without effect on a layer that has been built.
   *
   * @throws IllegalArgumentException if the shapes do not suit the layer; it stays unbuilt then
   */
  public void build(Shape... inputs) {
    if (built) {
      return;
    }
    synchronized (weights) {
      if (built) {
        return;
      }
      try {
        createWeights(List.of(inputs));
        if (givenWeights != null) {
          setWeights(givenWeights);
          givenWeights = null;
        }
        built = true;
      } finally {
        if (!built) {
          weights.clear();
        }
      }
    }
  }

  /** Makes the weights with {@link #addWeight}; called once, before the first call. */
  protected void createWeights(Shape input) {}

  /** Makes the weights of a layer with several inputs. */
  protected void createWeights(List<Shape> inputs) {
    createWeights(single(inputs));
  }

  /** Demands this of all further inputs. */
  protected final void setInputSpec(InputSpec spec) {
    inputSpec = spec;
  }

  public final @Nullable InputSpec inputSpec() {
    return inputSpec;
  }

  /**
   * A new weight.
   *
   * @param initializer null for glorot_uniform
   */
  protected final Weight addWeight(
      String weightName,
      Shape shape,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      @Nullable Constraint constraint,
      boolean weightTrainable) {
    if (built) {
      throw Problem.in(toString(), "a built layer cannot get more weights")
          .got("weight \"" + weightName + "\"")
          .fix("add weights in createWeights")
          .asIllegalState();
    }
    Tensor value = BlankWeights.create(toString(), weightName, dtype(), shape);
    if (value == null) {
      Initializer first =
          initializer == null
              ? Objects.requireNonNull(Initializers.get(toString(), "glorot_uniform"))
              : initializer;
      value = first.apply(shape, dtype());
    }
    if (!value.shape().equals(shape)) {
      throw Problem.in(toString(), "the initializer of " + weightName + " gave a wrong shape")
          .got(value.shape())
          .expected(shape.toString())
          .asInvalidArgument();
    }
    Weight weight =
        new Weight(name, weightName, value.cast(dtype()), weightTrainable, regularizer, constraint);
    weights.add(weight);
    return weight;
  }

  /** All weights in the order they were made, those of layers inside included. */
  public List<Weight> weights() {
    return List.copyOf(weights);
  }

  /** What training changes: nothing while the layer is frozen. */
  public List<Weight> trainableWeights() {
    return trainable ? weights().stream().filter(Weight::isTrainable).toList() : List.of();
  }

  /** What training leaves alone: everything while the layer is frozen. */
  public List<Weight> nonTrainableWeights() {
    return trainable ? weights().stream().filter(w -> !w.isTrainable()).toList() : weights();
  }

  /**
   * The penalties on the weights that training may change: a scalar for each one with a
   * regularizer.
   */
  public final List<Tensor> losses() {
    List<Tensor> losses = new ArrayList<>();
    for (Weight weight : trainableWeights()) {
      if (weight.regularizer() != null) {
        losses.add(weight.regularizer().apply(weight.value()));
      }
    }
    return losses;
  }

  /** The values of {@link #weights()}. */
  public final List<Tensor> getWeights() {
    return weights().stream().map(Weight::value).toList();
  }

  /**
   * Replaces all weights, or none if one does not fit.
   *
   * @param values in the order of {@link #weights()}
   * @throws IllegalArgumentException if the number or a shape is wrong
   */
  public final void setWeights(List<Tensor> values) {
    List<Weight> targets = weights();
    if (values.size() != targets.size()) {
      throw Problem.in(toString(), "wrong number of weights")
          .got(values.size())
          .expected(targets.size() + (targets.isEmpty() && !isBuilt() ? "   (not built yet)" : ""))
          .fix(
              targets.isEmpty() && !isBuilt()
                  ? "call build(inputShape) first"
                  : "give one tensor for each of " + targets.stream().map(Weight::name).toList())
          .asInvalidArgument();
    }
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).shape().equals(targets.get(i).shape())) {
        throw Problem.in(toString(), "wrong shape of weight " + targets.get(i).name())
            .got(values.get(i).shape())
            .expected(targets.get(i).shape().toString())
            .asInvalidArgument();
      }
    }
    for (int i = 0; i < values.size(); i++) {
      targets.get(i).assign(values.get(i));
    }
  }

  /**
   * The number of scalars in all weights.
   *
   * @throws IllegalStateException if the layer is not built
   */
  public long countParams() {
    if (!isBuilt()) {
      throw Problem.in(toString(), "the layer has no weights to count before it is built")
          .fix("call build(inputShape) first")
          .asIllegalState();
    }
    return weights().stream().mapToLong(w -> w.shape().size()).sum();
  }

  // ---- shapes

  /**
   * The shape of the output for an input of a shape; does not need or change weights.
   *
   * @throws IllegalArgumentException if the shape does not suit the layer
   */
  public Shape computeOutputShape(Shape input) {
    return input;
  }

  /** The shapes of all outputs for inputs of these shapes. */
  public List<Shape> computeOutputShapes(List<Shape> inputs) {
    return List.of(computeOutputShape(single(inputs)));
  }

  /** The dtype of each output. */
  protected List<DType> outputDtypes(List<DType> inputs, int outputs) {
    return java.util.Collections.nCopies(outputs, computeDtype());
  }

  // ---- calls

  /** The output for one input, as a trained model predicts. */
  public final Tensor apply(Tensor input) {
    return apply(input, false);
  }

  /**
   * The output for one input.
   *
   * @param training whether to behave as during training (dropout, batch statistics)
   * @throws IllegalArgumentException if the shape does not suit the layer
   */
  public final Tensor apply(Tensor input, boolean training) {
    return onlyOutput(applyAll(listOf(new Tensor[] {input}), training));
  }

  /** The output for several inputs. */
  public final Tensor apply(Tensor first, Tensor second, Tensor... more) {
    List<Tensor> inputs = new ArrayList<>(List.of(first, second));
    inputs.addAll(List.of(more));
    return onlyOutput(applyAll(inputs, false));
  }

  /**
   * All outputs for all inputs.
   *
   * @throws IllegalArgumentException if number or shapes of the inputs do not suit the layer
   */
  public final List<Tensor> applyAll(List<Tensor> inputs, boolean training) {
    List<Tensor> cast = inputs.stream().map(this::castInput).toList();
    List<Shape> shapes = cast.stream().map(Tensor::shape).toList();
    prepare(shapes);
    List<Tensor> outputs = call(cast, training);
    Regularizer penalty = activityRegularizer();
    if (penalty != null && LossScope.isOpen()) {
      for (Tensor output : outputs) {
        LossScope.add(penalty.apply(output), 1.0 / output.shape().get(0));
      }
    }
    return outputs;
  }

  /** Adds the layer to a functional model: the symbolic output for symbolic inputs. */
  public final KerasTensor apply(KerasTensor... inputs) {
    return onlyOutput(applyAll(inputs));
  }

  /** Adds the layer to a functional model: all symbolic outputs for symbolic inputs. */
  public final List<KerasTensor> applyAll(KerasTensor... inputs) {
    List<KerasTensor> list = listOf(inputs);
    List<Shape> shapes = list.stream().map(KerasTensor::shape).toList();
    prepare(shapes);
    List<Shape> outputs = computeOutputShapes(shapes);
    List<DType> dtypes =
        outputDtypes(list.stream().map(KerasTensor::dtype).toList(), outputs.size());
    return addNode(list, outputs, dtypes).outputs();
  }

  final Node addNode(List<KerasTensor> inputs, List<Shape> outputs, List<DType> dtypes) {
    synchronized (nodes) {
      Node node = new Node(this, nodes.size(), inputs, outputs, dtypes);
      nodes.add(node);
      return node;
    }
  }

  /** The symbolic calls of this layer so far. */
  public final List<Node> inboundNodes() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  /** Computes the output; the input has been checked and cast to {@link #computeDtype}. */
  protected Tensor call(Tensor input, boolean training) {
    throw Problem.in(toString(), "the layer computes nothing").fix("override call").asUnsupported();
  }

  /** Computes the outputs of a layer with several inputs or outputs. */
  protected List<Tensor> call(List<Tensor> inputs, boolean training) {
    return List.of(call(single(inputs), training));
  }

  /** The tensor as {@link #call} will see it: cast to {@link #computeDtype} by default. */
  protected Tensor castInput(Tensor input) {
    return input.cast(computeDtype());
  }

  private void prepare(List<Shape> inputs) {
    if (!isBuilt()) {
      build(inputs.toArray(Shape[]::new));
    }
    if (inputSpec != null) {
      inputSpec.check(toString(), single(inputs));
    }
  }

  private <T> T single(List<T> inputs) {
    if (inputs.size() != 1) {
      throw Problem.in(toString(), "wrong number of inputs")
          .got(inputs.size())
          .expected("1")
          .asInvalidArgument();
    }
    return inputs.get(0);
  }

  private <T> T onlyOutput(List<T> outputs) {
    if (outputs.size() != 1) {
      throw Problem.in(toString(), "the layer has several outputs")
          .got(outputs.size())
          .fix("call applyAll")
          .asIllegalState();
    }
    return outputs.get(0);
  }

  private <T> List<T> listOf(@Nullable T[] inputs) {
    for (T input : inputs) {
      if (input == null) {
        throw Problem.in(toString(), "the input of a layer must be a tensor")
            .got("null")
            .asInvalidArgument();
      }
    }
    return List.of(inputs);
  }

  /** The layer as messages name it: {@code SeparableConv2D "sep"}. */
  @Override
  public String toString() {
    return LayerOptions.where(className(), name);
  }
}
