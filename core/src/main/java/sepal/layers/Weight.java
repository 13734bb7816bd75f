package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * A variable of a layer: Keras' {@code Variable}. Its value is replaced as a whole, so that a
 * prediction that runs meanwhile sees either the old or the new one.
 */
public final class Weight {
  private final String name;
  private final String path;
  private final boolean trainable;
  private final @Nullable Regularizer regularizer;
  private final @Nullable Constraint constraint;
  private volatile Tensor value;

  Weight(
      String layer,
      String name,
      Tensor value,
      boolean trainable,
      @Nullable Regularizer regularizer,
      @Nullable Constraint constraint) {
    this.name = name;
    this.path = layer + "/" + name;
    this.value = value;
    this.trainable = trainable;
    this.regularizer = regularizer;
    this.constraint = constraint;
  }

  /** Its name within the layer: {@code depthwise_kernel}. */
  public String name() {
    return name;
  }

  /** {@code <layer>/<weight>}. */
  public String path() {
    return path;
  }

  /** Its shape, which never changes. */
  public Shape shape() {
    return value.shape();
  }

  /** The type of its elements, which never changes. */
  public DType dtype() {
    return value.dtype();
  }

  /** Whether training may change it, as long as its layer is trainable too. */
  public boolean isTrainable() {
    return trainable;
  }

  /** The penalty on it, or null. */
  public @Nullable Regularizer regularizer() {
    return regularizer;
  }

  /** The rule that it obeys after every update, or null. */
  public @Nullable Constraint constraint() {
    return constraint;
  }

  /** What it holds now; inside {@link Layer#statelessCall} what was given there. */
  public Tensor value() {
    Tensor stateless = StatelessScope.valueOf(this);
    return stateless == null ? value : stateless;
  }

  /**
   * Replaces the value; other floating types are cast.
   *
   * @throws IllegalArgumentException if the shape is another
   */
  public void assign(Tensor newValue) {
    if (!newValue.shape().equals(shape())) {
      throw Problem.in("weight " + path, "wrong shape of the new value")
          .got(newValue.shape())
          .expected(shape().toString())
          .asInvalidArgument();
    }
    Tensor cast = newValue.cast(dtype());
    if (!StatelessScope.assign(this, cast)) {
      value = cast;
    }
  }

  @Override
  public String toString() {
    return "Weight(" + path + ", " + dtype() + shape() + ")";
  }
}
