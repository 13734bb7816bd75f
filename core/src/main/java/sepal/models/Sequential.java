package sepal.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.InputLayer;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A stack of layers, each with one input and one output.
 *
 * <pre>{@code
 * Model model =
 *     new Sequential(
 *         new SeparableConv2D(32, 3, o -> o.inputShape(64, 64, 3)),
 *         new GlobalAveragePooling2D(),
 *         new Dense(10));
 * }</pre>
 *
 * <p>With an {@link InputLayer}, or the shape of a sample among the arguments of the first layer,
 * layers get their weights as they are added; without, at {@link #build} or when the first data
 * come. Adding and popping are for one thread; calls and predictions are for any number.
 *
 * @see "Keras 3.16, keras.Sequential"
 */
public final class Sequential extends Model {
  private final List<Layer> stack = new ArrayList<>(); // the input layer included
  private final List<KerasTensor> chain = new ArrayList<>(); // the output of each, once built
  private volatile @Nullable Functional functional;

  /** A model with an automatic name. */
  public Sequential(Layer... layers) {
    this(null, List.of(layers));
  }

  /**
   * @param name the name of the model, or null for an automatic one
   * @throws IllegalArgumentException if two layers have one name, or do not fit each other
   */
  public Sequential(@Nullable String name, Layer... layers) {
    this(name, List.of(layers));
  }

  /**
   * @param name the name of the model, or null for an automatic one
   * @throws IllegalArgumentException if two layers have one name, or do not fit each other
   */
  public Sequential(@Nullable String name, List<? extends Layer> layers) {
    this(name, true, layers);
  }

  Sequential(@Nullable String name, boolean trainable, List<? extends Layer> layers) {
    super(new BasicOptions("Sequential").name(name).trainable(trainable));
    layers.forEach(this::push);
    connect();
  }

  @Override
  public String module() {
    return "keras";
  }

  /** The layers without the input layer. */
  @Override
  public synchronized List<Layer> layers() {
    return List.copyOf(startsWithInput() ? stack.subList(1, stack.size()) : stack);
  }

  @Override
  synchronized List<Layer> allLayers() {
    return List.copyOf(stack);
  }

  private boolean startsWithInput() {
    return !stack.isEmpty() && stack.get(0) instanceof InputLayer;
  }

  /**
   * Puts a layer on top.
   *
   * @return this model
   * @throws IllegalArgumentException if the name is taken, or the layer does not fit; the model
   *     stays as it was then
   */
  public synchronized Sequential add(Layer layer) {
    int before = stack.size();
    push(layer);
    try {
      connect();
    } catch (RuntimeException e) {
      stack.subList(before, stack.size()).clear();
      connect();
      throw e;
    }
    return this;
  }

  /** Puts the layer of an {@link sepal.layers.Input} at the bottom. */
  public Sequential add(KerasTensor input) {
    if (!(input.node().layer() instanceof InputLayer layer)) {
      throw Problem.in(toString(), "only layers and inputs can be added")
          .got("the symbolic tensor " + input)
          .expected("a layer, or what Input.of(...) returned")
          .asInvalidArgument();
    }
    return add(layer);
  }

  /**
   * Takes the last layer away.
   *
   * @throws IllegalStateException if there is none
   */
  public synchronized Layer pop() {
    if (layers().isEmpty()) {
      throw Problem.in(toString(), "there is no layer to pop").asIllegalState();
    }
    Layer last = stack.remove(stack.size() - 1);
    connect();
    return last;
  }

  private void push(Layer layer) {
    Shape given = layer.givenInputShape();
    if (stack.isEmpty() && given != null && !(layer instanceof InputLayer)) {
      stack.add(inputLayer(given, layer));
    }
    if (layer instanceof InputLayer && !stack.isEmpty()) {
      throw Problem.in(toString(), "an input layer can only be the first layer")
          .got(layer + " after " + stack.get(stack.size() - 1))
          .asInvalidArgument();
    }
    for (Layer other : stack) {
      if (other != layer && other.name().equals(layer.name())) {
        throw Problem.in(toString(), "two layers have the same name")
            .got("\"" + layer.name() + "\" twice")
            .expected("a name of its own for each layer")
            .fix("give one of them another name: o -> o.name(\"" + layer.name() + "_2\")")
            .asInvalidArgument();
      }
    }
    stack.add(layer);
  }

  private static InputLayer inputLayer(Shape shape, Layer first) {
    return new InputLayer(
        o -> o.batchShape(shape.toArray()).dtype(first.computeDtype().toString()));
  }

  /** Brings the chain of symbolic calls in line with the stack. */
  private void connect() {
    if (!startsWithInput() || stack.size() < 2) {
      chain.clear();
      functional = null;
      return;
    }
    while (chain.size() > stack.size()) {
      chain.remove(chain.size() - 1);
    }
    for (int i = chain.size(); i < stack.size(); i++) {
      chain.add(
          i == 0 ? ((InputLayer) stack.get(0)).output() : stack.get(i).apply(chain.get(i - 1)));
    }
    functional = new Functional(this, chain.get(0), chain.get(chain.size() - 1));
  }

  // ---- build

  @Override
  public boolean isBuilt() {
    return functional != null;
  }

  /**
   * Makes the weights of all layers for inputs of a shape; without effect if the model has been
   * built for samples of this shape.
   *
   * @param inputs the shape of a batch {@code (n, ...)}
   * @throws IllegalArgumentException if the model has been built for samples of another shape, or
   *     the shape does not suit a layer
   * @throws IllegalStateException if there are no layers
   */
  @Override
  public synchronized void build(Shape... inputs) {
    if (stack.isEmpty()) {
      throw Problem.in(toString(), "a model without layers cannot be built")
          .fix("call add(layer) first")
          .asIllegalState();
    }
    if (inputs.length != 1) {
      throw Problem.in(toString(), "wrong number of inputs")
          .got(inputs.length)
          .expected("1")
          .fix("use a Functional model for several inputs")
          .asInvalidArgument();
    }
    if (stack.get(0) instanceof InputLayer input) {
      if (!withoutBatch(input.batchShape()).equals(withoutBatch(inputs[0]))) {
        throw Problem.in(toString(), "the model has another input shape already")
            .got(inputs[0])
            .expected(input.batchShape().toString())
            .asInvalidArgument();
      }
      if (functional == null) {
        functional = new Functional(this, input.output(), input.output());
      }
      return;
    }
    stack.add(0, inputLayer(inputs[0], stack.get(0)));
    try {
      connect();
    } catch (RuntimeException e) {
      stack.remove(0);
      connect();
      throw e;
    }
  }

  private static Shape withoutBatch(Shape shape) {
    return shape.rank() == 0 ? shape : shape.with(0, Shape.UNKNOWN);
  }

  @Override
  Functional graph(String what) {
    Functional built = functional;
    if (built == null) {
      throw Problem.in(toString(), "the model has no " + what + " before it is built")
          .fix("call build(inputShape), or start with an InputLayer")
          .asIllegalState();
    }
    return built;
  }

  @Override
  Functional graphFor(List<Tensor> inputs) {
    if (functional == null) {
      synchronized (this) {
        if (functional == null) {
          build(
              startsWithInput()
                  ? new Shape[] {((InputLayer) stack.get(0)).batchShape()}
                  : inputs.stream()
                      .map(input -> withoutBatch(input.shape()))
                      .toArray(Shape[]::new));
        }
      }
    }
    return graph("outputs");
  }

  // ---- description

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return ConfigWriter.config(this);
  }

  /** The shape that the model was built for, or null. */
  @Nullable Shape builtShape() {
    Functional built = functional;
    return built == null ? null : built.inputs().get(0).shape();
  }

  @Override
  @Nullable Map<String, @Nullable Object> buildConfig() {
    Shape shape = builtShape();
    if (shape == null) {
      return null;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("input_shape", shape.toList());
    return map;
  }
}
