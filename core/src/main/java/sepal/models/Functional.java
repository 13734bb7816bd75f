package sepal.models;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.LossScope;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A model of any graph of layers, from inputs to outputs: layers may be shared, inputs and outputs
 * may be several, models may be layers.
 *
 * <pre>{@code
 * KerasTensor image = Input.of(64, 64, 3);
 * KerasTensor x = new SeparableConv2D(32, 3).apply(image);
 * Model model = new Functional(image, new Dense(10).apply(x));
 * }</pre>
 *
 * <p>Inputs that a layer has made are allowed: the model then starts there. Outputs may be those of
 * any layer, so that a model can be cut and go on otherwise. Its layers are shared then, not
 * copied; here they are frozen, and only the new head learns:
 *
 * <pre>{@code
 * Model faces = Keras.loadModel(Path.of("faces.h5"), o -> o.compile(false));
 * faces.setTrainable(false);
 * KerasTensor x = new GlobalAveragePooling2D().apply(faces.getLayer("add_4").output());
 * Model model = new Functional(faces.input(), new Dense(10).apply(x));
 * }</pre>
 *
 * @see "Keras 3.16, keras.Model(inputs, outputs)"
 */
public final class Functional extends Model {
  private final String where; // for messages
  private final Structure inputs;
  private final Structure outputs;
  private final Graph graph;
  private final List<Layer> layers;
  private volatile @Nullable Plan plan;

  /**
   * @throws IllegalArgumentException if the output depends on other inputs, or two layers have one
   *     name
   */
  public Functional(KerasTensor input, KerasTensor output) {
    this(input, output, null);
  }

  /**
   * @param name the name of the model, or null for an automatic one
   */
  public Functional(KerasTensor input, KerasTensor output, @Nullable String name) {
    this(input, output, name, true, List.of());
  }

  /**
   * The model that computes these outputs from these inputs.
   *
   * @throws IllegalArgumentException if the outputs depend on other inputs, or two layers have one
   *     name
   */
  public Functional(List<KerasTensor> inputs, List<KerasTensor> outputs) {
    this(inputs, outputs, null);
  }

  /**
   * @param name the name of the model, or null for an automatic one
   * @throws IllegalArgumentException if the outputs depend on other inputs, or two layers have one
   *     name
   */
  public Functional(List<KerasTensor> inputs, List<KerasTensor> outputs, @Nullable String name) {
    this(List.copyOf(inputs), List.copyOf(outputs), name, true, List.of());
  }

  /**
   * A model whose inputs and outputs have names of their own.
   *
   * @param name the name of the model, or null for an automatic one
   */
  public Functional(
      Map<String, KerasTensor> inputs, Map<String, KerasTensor> outputs, @Nullable String name) {
    this(new LinkedHashMap<>(inputs), new LinkedHashMap<>(outputs), name, true, List.of());
  }

  /**
   * @param order the layers in an order to keep; any other order if these are not the layers
   */
  Functional(
      Object inputs, Object outputs, @Nullable String name, boolean trainable, List<Layer> order) {
    this(
        null,
        inputs,
        outputs,
        new BasicOptions("Functional").name(name).trainable(trainable),
        order);
  }

  /** The graph behind {@code owner}. */
  Functional(Model owner, KerasTensor input, KerasTensor output) {
    this(owner, input, output, new BasicOptions("Functional"), List.of());
  }

  private Functional(
      @Nullable Model owner,
      Object inputs,
      Object outputs,
      BasicOptions options,
      List<Layer> order) {
    super(options);
    this.where = owner == null ? toString() : owner.toString();
    Structure from = new Structure(where, "inputs", inputs);
    Structure to = new Structure(where, "outputs", outputs);
    Graph.Cut cut = Graph.cut(from.tensors(), to.tensors());
    this.inputs = new Structure(where, "inputs", from.pack(cut.inputs()));
    this.outputs = new Structure(where, "outputs", to.pack(cut.outputs()));
    this.graph = new Graph(where, cut.inputs(), cut.outputs());
    HashSet<Layer> members = new HashSet<>(graph.layers());
    List<Layer> kept = new ArrayList<>(order);
    kept.retainAll(members);
    this.layers = kept.size() == members.size() ? kept : graph.layers();
    build();
  }

  @Override
  public String module() {
    return "keras.src.models.functional";
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  Functional graphFor(List<Tensor> inputs) {
    return this;
  }

  @Override
  Functional graph(String what) {
    return this;
  }

  Structure inputStructure() {
    return inputs;
  }

  Structure outputStructure() {
    return outputs;
  }

  Graph calls() {
    return graph;
  }

  /**
   * Refused: a graph is called layer by layer.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void addLoss(Tensor loss, Tensor... inputs) {
    throw refusedLoss();
  }

  /**
   * Refused: a graph is called layer by layer.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void addLoss(Supplier<Tensor> loss, KerasTensor... inputs) {
    throw refusedLoss();
  }

  private UnsupportedOperationException refusedLoss() {
    return Problem.in(where, "losses cannot be added to a functional model")
        .fix("add the loss in a layer of the model, in call")
        .asUnsupported();
  }

  // ---- data

  /** The outputs for inputs that {@link #fit} gave. */
  List<Tensor> run(List<Tensor> fitting, boolean training) {
    List<Tensor> made = graph.walk(fitting, (layer, tensors) -> layer.applyAll(tensors, training));
    LossScope.addLossesFor(graph.depths().keySet());
    return made;
  }

  /** How to predict. */
  Plan plan() {
    Plan known = plan;
    if (known == null || !known.isCurrent()) {
      known = Plan.of(this);
      plan = known;
    }
    return known;
  }

  /** The outputs for inputs that {@link #fit} gave, as a trained model predicts. */
  List<Tensor> predictAtOnce(List<Tensor> fitting, int count) {
    List<Tensor> planned = plan().predict(fitting, count, count);
    return planned == null ? run(fitting, false) : planned;
  }

  List<Shape> outputShapes(List<Shape> shapes) {
    checkCount(shapes.size());
    boolean same = true;
    for (int i = 0; i < shapes.size(); i++) {
      Shape expected = inputs().get(i).shape();
      same &= expected.equals(shapes.get(i));
      if (!suits(shapes.get(i), expected)) {
        throw wrongShape(i, shapes.get(i));
      }
    }
    return same
        ? outputs().stream().map(KerasTensor::shape).toList()
        : graph.walk(shapes, Layer::computeOutputShapes);
  }

  /** The inputs with the types and the ranks that the model wants. */
  List<Tensor> fit(List<Tensor> given) {
    checkCount(given.size());
    List<Tensor> fitting = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      Tensor input = Objects.requireNonNull(given.get(i), "input");
      Shape expected = inputs().get(i).shape();
      Shape shape = withRank(input.shape(), expected);
      if (!suits(shape, expected)) {
        throw wrongShape(i, input.shape());
      }
      fitting.add(input.reshape(shape).cast(inputs().get(i).dtype()));
    }
    return fitting;
  }

  /** As Keras: a last axis of size 1 may be left out, or be too many. */
  private static Shape withRank(Shape shape, Shape expected) {
    int last = shape.rank() - 1;
    if (shape.rank() == expected.rank() + 1 && shape.get(last) == 1) {
      return shape.slice(0, last);
    }
    if (shape.rank() == expected.rank() - 1 && expected.get(-1) == 1) {
      return shape.concat(1);
    }
    return shape;
  }

  /** Whether all axes but the batch agree, as far as they are known. */
  private static boolean suits(Shape shape, Shape expected) {
    boolean suits = shape.rank() == expected.rank() && shape.rank() > 0;
    for (int axis = 1; suits && axis < shape.rank(); axis++) {
      suits =
          !shape.isKnown(axis) || !expected.isKnown(axis) || shape.get(axis) == expected.get(axis);
    }
    return suits;
  }

  private RuntimeException wrongShape(int index, Shape got) {
    Shape expected = inputs().get(index).shape();
    Problem problem =
        Problem.in(where, "wrong shape of input \"" + inputNames().get(index) + "\"")
            .got(got)
            .expected(expected.toString());
    if (got.rank() == expected.rank() - 1
        && expected.slice(1, expected.rank()).isCompatibleWith(got)) {
      problem = problem.fix("add the batch axis: reshape to " + Shape.of(1).concat(got.toArray()));
    }
    return problem.asInvalidArgument();
  }

  private void checkCount(int given) {
    if (given != inputs().size()) {
      throw Problem.in(where, "wrong number of inputs")
          .got(given)
          .expected(inputs().size() + "   (" + String.join(", ", inputNames()) + ")")
          .asInvalidArgument();
    }
  }

  /** The number of samples, at least 1 and the same in all inputs. */
  int sampleCount(List<Tensor> fitting) {
    int count = fitting.get(0).shape().get(0);
    boolean equal = true;
    for (int i = 1; i < fitting.size(); i++) {
      equal &= fitting.get(i).shape().get(0) == count;
    }
    if (!equal || count == 0) {
      throw wrongCounts(fitting, equal);
    }
    return count;
  }

  private RuntimeException wrongCounts(List<Tensor> fitting, boolean equal) {
    StringJoiner counts = new StringJoiner(", ");
    for (int i = 0; i < fitting.size(); i++) {
      counts.add(inputNames().get(i) + ": " + fitting.get(i).shape().get(0));
    }
    return Problem.in(
            where,
            equal ? "there is nothing to predict" : "the inputs differ in the number of samples")
        .got(counts)
        .expected(equal ? "at least one sample" : "the same number of samples in every input")
        .asInvalidArgument();
  }

  // ---- description

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return ConfigWriter.config(this);
  }

  @Override
  Map<String, @Nullable Object> buildConfig() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("input_shape", null);
    return map;
  }
}
