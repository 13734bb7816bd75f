package sepal.shape;

/**
 * The window that slides over the spatial axes.
 *
 * @param size taps on each axis
 * @param strides steps between neighbouring outputs
 * @param dilation steps between neighbouring taps
 * @param padding treatment of the border
 */
public record Window(Dims size, Dims strides, Dims dilation, Padding padding) {

  public Window {
    assert size.rank() == strides.rank() && size.rank() == dilation.rank();
  }

  /** The number of spatial axes. */
  public int rank() {
    return size.rank();
  }

  /** The inputs that the window spans on {@code axis}: {@code (k - 1) * d + 1}. */
  public int span(int axis) {
    return (size.get(axis) - 1) * dilation.get(axis) + 1;
  }
}
