package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.DType;

/**
 * A tensor without data: what a layer gives when it is called on another one while a functional
 * model is being put together.
 */
public final class KerasTensor {
  private final Shape shape;
  private final DType dtype;
  private final Node node;
  private final int tensorIndex;
  private volatile @Nullable KerasTensor mask;

  KerasTensor(Shape shape, DType dtype, Node node, int tensorIndex) {
    this.shape = shape;
    this.dtype = dtype;
    this.node = node;
    this.tensorIndex = tensorIndex;
  }

  /** The shape, unknown where only data will tell; axis 0 is the batch. */
  public Shape shape() {
    return shape;
  }

  /** The type of its elements. */
  public DType dtype() {
    return dtype;
  }

  /** The call that made it. */
  public Node node() {
    return node;
  }

  /** Its place among the outputs of that call. */
  public int tensorIndex() {
    return tensorIndex;
  }

  /** The symbolic tensor that tells which of its time steps count, or null. */
  public @Nullable KerasTensor mask() {
    return mask;
  }

  /**
   * Attaches a mask, which layers that support masks hand on to their outputs. It is kept for who
   * asks; no layer of Sepal computes anything else because of it.
   */
  public void setMask(@Nullable KerasTensor mask) {
    this.mask = mask;
  }

  /** {@code layer[node][tensor]}, as a model summary names it. */
  @Override
  public String toString() {
    return node.layer().name() + "[" + node.index() + "][" + tensorIndex + "]";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
