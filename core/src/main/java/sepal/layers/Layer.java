package sepal.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
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
public abstract class Layer extends LayerLosses {
  private final LayerConfig config;
  private final String name;
  private final @Nullable Regularizer activityRegularizer;
  private final @Nullable Shape givenInputShape;
  private @Nullable List<Tensor> givenWeights;
  private final List<Node> nodes = new ArrayList<>();
  private List<Shape> builtOn = List.of();
  private volatile boolean built;
  private @Nullable InputSpec inputSpec;

  /**
   * A layer with resolved arguments.
   *
   * @param options what was given, for what is not part of the configuration
   * @param config what it froze into
   */
  protected Layer(LayerOptions<?> options, LayerConfig config) {
    super(config.trainable());
    this.config = config;
    this.activityRegularizer = Regularizers.get(options.where(), options.activityRegularizer);
    this.name = config.name() == null ? LayerNames.next(className()) : config.name();
    this.givenInputShape = options.givenInputShape();
    this.givenWeights = options.weights;
  }

  /** A layer without arguments of its own. */
  protected Layer(BasicOptions options) {
    this(options, new BasicConfig(options.values(BasicConfig.class)));
  }

  /** The options of a layer that has none of its own. */
  public static final class BasicOptions extends LayerOptions<BasicOptions> {
    /** Options with Keras' defaults, for a layer class that messages call by this name. */
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
      implements LayerConfig {
    BasicConfig(Arguments.Values v) {
      this(v.next(), v.flag(), v.next());
    }
  }

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
    map.put("trainable", isTrainable());
    return map;
  }

  /**
   * A new layer from what {@link #getConfig} gave: without weights and calls.
   *
   * @throws IllegalArgumentException if the class is not registered, or an argument is wrong
   */
  public static <L extends Layer> L fromConfig(
      Class<L> type, Map<String, ? extends @Nullable Object> config) {
    return LayerCopies.fromConfig(type, config);
  }

  /**
   * A layer of its own with the same arguments, name and weights, and without symbolic calls: what
   * {@code copy.deepcopy} makes in Python.
   *
   * @throws IllegalArgumentException if the class is not registered
   */
  public Layer copy() {
    return LayerCopies.copy(this, builtOn);
  }

  /** The name once the layer is built, null before. */
  public final @Nullable String path() {
    return isBuilt() ? name : null;
  }

  /**
   * What the paths of the weights start with.
   *
   * @throws IllegalStateException if the layer is not built
   */
  public final String scopeName() {
    if (!isBuilt()) {
      throw Problem.in(toString(), "the layer has no scope before it is built")
          .fix("call build(inputShape) first")
          .asIllegalState();
    }
    return name;
  }

  /** The types of inputs, outputs and weights. */
  public final DTypePolicy dtypePolicy() {
    return config.dtype();
  }

  /** The type of the weights. */
  public final DType dtype() {
    return config.dtype().variableDtype();
  }

  /** The type of the weights, as {@link #dtype}. */
  public final DType variableDtype() {
    return dtype();
  }

  /** The type that inputs are cast to and outputs have. */
  public final DType computeDtype() {
    return config.dtype().computeDtype();
  }

  /** The penalty on the output, or null. */
  public final @Nullable Regularizer activityRegularizer() {
    return activityRegularizer;
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
      int before = weights.list().size();
      try {
        builtOn = List.of(inputs);
        createWeights(builtOn);
        if (givenWeights != null) {
          setWeights(givenWeights);
          givenWeights = null;
        }
        built = true;
      } finally {
        if (!built) {
          weights.truncate(before);
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

  /** What it demands of its input, or null before it is built and where it takes anything. */
  public final @Nullable InputSpec inputSpec() {
    return inputSpec;
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

  /**
   * Shape and type of the output for an input of a shape.
   *
   * @throws IllegalArgumentException if the shape does not suit the layer
   */
  public final TensorSpec computeOutputSpec(Shape input) {
    return computeOutputSpec(new TensorSpec(input, computeDtype()));
  }

  /** Shape and type of the output for an input. */
  public final TensorSpec computeOutputSpec(KerasTensor input) {
    return computeOutputSpec(new TensorSpec(input.shape(), input.dtype()));
  }

  private TensorSpec computeOutputSpec(TensorSpec input) {
    List<Shape> shapes = computeOutputShapes(List.of(input.shape()));
    return new TensorSpec(
        onlyOutput(shapes), outputDtypes(List.of(input.dtype()), shapes.size()).get(0));
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
    List<Tensor> inputs = new ArrayList<>(List.of(first));
    inputs.addAll(listOf(second, more));
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
    LossScope scope = LossScope.current();
    if (scope == null) {
      return afterCall(call(cast, training), training);
    }
    List<Tensor> outputs = scope.during(inputs, () -> call(cast, training));
    Regularizer penalty = activityRegularizer();
    if (penalty != null) {
      for (Tensor output : outputs) {
        scope.add(this, inputs, penalty.apply(output), 1.0 / output.shape().get(0));
      }
    }
    return afterCall(outputs, training);
  }

  /**
   * The output with other weights than those that the layer keeps, and leaves as they are; calls on
   * other threads see nothing of it.
   *
   * @param trainableVariables in the order of {@link #trainableVariables}
   * @param nonTrainableVariables in the order of {@link #nonTrainableVariables}
   * @throws IllegalStateException if the layer is not built
   * @throws IllegalArgumentException if the number or a shape is wrong
   * @see "Keras 3.16, keras.Layer.stateless_call"
   */
  public final StatelessResult statelessCall(
      List<Tensor> trainableVariables,
      List<Tensor> nonTrainableVariables,
      Tensor input,
      boolean training) {
    scopeName(); // refuses layers that are not built
    List<Weight> others = nonTrainableWeights();
    try (StatelessScope scope = new StatelessScope()) {
      scope.put(this, "trainableVariables", trainableWeights(), trainableVariables);
      scope.put(this, "nonTrainableVariables", others, nonTrainableVariables);
      Tensor output = apply(input, training);
      return new StatelessResult(output, others.stream().map(Weight::value).toList());
    }
  }

  /** Adds the layer to a functional model: the symbolic output for symbolic inputs. */
  public final KerasTensor apply(KerasTensor... inputs) {
    return onlyOutput(applyAll(inputs));
  }

  /** Adds the layer to a functional model: all symbolic outputs for symbolic inputs. */
  public final List<KerasTensor> applyAll(KerasTensor... inputs) {
    List<KerasTensor> list = listOf(inputs);
    List<Shape> shapes = new ArrayList<>();
    List<DType> dtypes = new ArrayList<>();
    for (KerasTensor tensor : list) {
      shapes.add(tensor.shape());
      dtypes.add(tensor.dtype());
    }
    shapes = List.copyOf(shapes);
    prepare(shapes);
    List<Shape> outputs = computeOutputShapes(shapes);
    Node node = addNode(list, outputs, outputDtypes(List.copyOf(dtypes), outputs.size()));
    propagateMasks(node);
    return node.outputs();
  }

  final Node addNode(List<KerasTensor> inputs, List<Shape> outputs, List<DType> dtypes) {
    synchronized (nodes) {
      Node node = new Node(this, nodes.size(), inputs, outputs, dtypes);
      nodes.add(node);
      return node;
    }
  }

  @Override
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
      build(inputs.toArray(new Shape[0]));
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
