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

  public String name() {
    return name;
  }

  /** {@code <layer>/<weight>}. */
  public String path() {
    return path;
  }

  public Shape shape() {
    return value.shape();
  }

  public DType dtype() {
    return value.dtype();
  }

  /** Whether training may change it, as long as its layer is trainable too. */
  public boolean isTrainable() {
    return trainable;
  }

  public @Nullable Regularizer regularizer() {
    return regularizer;
  }

  public @Nullable Constraint constraint() {
    return constraint;
  }

  public Tensor value() {
    return value;
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
    value = newValue.cast(dtype());
  }

  @Override
  public String toString() {
    return "Weight(" + path + ", " + dtype() + shape() + ")";
  }
}
