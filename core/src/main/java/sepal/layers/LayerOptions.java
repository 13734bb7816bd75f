package sepal.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * The optional arguments that every layer has. A layer takes them as a lambda, {@code o ->
 * o.name("stem").trainable(false)}, and freezes them into its {@link LayerConfig}.
 *
 * <p>Fields hold what was given, in any form that Keras accepts; they are judged when the layer is
 * made. Their initial values are Keras' defaults.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class LayerOptions<S extends LayerOptions<S>> {
  private static final int LONGEST_NAME = 1000;

  @Nullable String name;
  boolean trainable = true;
  @Nullable Object dtype;
  @Nullable Object activityRegularizer;
  @Nullable Object inputShape;
  @Nullable Object batchInputShape;
  @Nullable Integer batchSize;
  @Nullable List<Tensor> weights;

  /** Keras' name of the layer class, for messages. */
  final String className;

  /** Options with Keras' defaults, for a layer class that messages call by this name. */
  protected LayerOptions(String className) {
    this.className = className;
  }

  /** These options, as their own class. */
  @SuppressWarnings("unchecked")
  protected final S self() {
    return (S) this;
  }

  /** The layer's name; null for an automatic one. It must not contain a slash. */
  public S name(@Nullable String name) {
    this.name = name;
    return self();
  }

  /** Whether training may change the weights; true by default. */
  public S trainable(boolean trainable) {
    this.trainable = trainable;
    return self();
  }

  /** The type of weights and outputs, {@code float32} or {@code float64}; null for the default. */
  public S dtype(@Nullable String dtype) {
    this.dtype = dtype;
    return self();
  }

  /** The type of weights and outputs. */
  public S dtype(DType dtype) {
    this.dtype = dtype.toString();
    return self();
  }

  /** A penalty on the output: a name, a {@code Regularizer}, a Keras configuration, or null. */
  public S activityRegularizer(@Nullable Object regularizer) {
    this.activityRegularizer = regularizer;
    return self();
  }

  /** The shape of one sample, when the layer is the first of a sequential model. */
  public S inputShape(int... shape) {
    this.inputShape = Shape.of(shape);
    return self();
  }

  /** The shape of a batch; it wins over {@link #inputShape}. Unknown axes are -1. */
  public S batchInputShape(int... shape) {
    this.batchInputShape = Shape.of(shape);
    return self();
  }

  /** The number of samples in a batch, beside {@link #inputShape}. */
  public S batchSize(@Nullable Integer batchSize) {
    this.batchSize = batchSize;
    return self();
  }

  /** First values of the weights, in their order, set as soon as they exist. */
  public S weights(List<Tensor> weights) {
    this.weights = List.copyOf(weights);
    return self();
  }

  /** Spatial axes of the layer's window: how long a size given as one integer becomes. */
  protected int spatialRank() {
    return 2;
  }

  /** The paddings that the layer knows. */
  List<Padding> paddings() {
    return Padding.SYMMETRIC;
  }

  /** One value for all spatial axes, or one for each, as they are given. */
  static Object forAxes(int... values) {
    return values.length == 1 ? (Object) values[0] : Dims.of(values);
  }

  /** The layer as messages name it, for example {@code SeparableConv2D "sep"}. */
  protected final String where() {
    return where(className, name);
  }

  static String where(String className, @Nullable String name) {
    return name == null ? className : className + " \"" + name + "\"";
  }

  /** Resolves and judges the arguments that all layers have, then makes the record. */
  protected final <R extends Record> R freeze(Class<R> config) {
    checkName();
    return Arguments.freeze(this, config);
  }

  /**
   * The values for a record, for its own constructor: looking for that takes long in a process that
   * starts.
   */
  final Arguments.Values values(Class<? extends Record> config) {
    checkName();
    return Arguments.values(this, config);
  }

  private void checkName() {
    if (name != null && (name.isEmpty() || name.contains("/"))) {
      throw Problem.in(where(), "a layer name must not be empty or contain a slash")
          .got("name=\"" + name + "\"")
          .expected("a name such as \"" + name.replace('/', '_') + "\"")
          .asInvalidArgument();
    }
    if (name != null && name.length() > LONGEST_NAME) { // models make more names of it
      throw Problem.in(className, "a layer name is too long")
          .got(name.length() + " letters")
          .expected("at most " + LONGEST_NAME)
          .asInvalidArgument();
    }
  }

  /** The shape of a batch that {@code batchInputShape} or {@code inputShape} tell, or null. */
  final @Nullable Shape givenInputShape() {
    if (batchInputShape != null) {
      return Arguments.shape(where(), "batchInputShape", batchInputShape);
    }
    if (inputShape == null) {
      return null;
    }
    Shape sample = Arguments.shape(where(), "inputShape", inputShape);
    return Shape.of(batchSize == null ? Shape.UNKNOWN : batchSize).concat(sample.toArray());
  }
}
