package sepal.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * The sizes of a tensor's axes; an axis may be unknown until data arrives. Immutable; equal by
 * value. Negative axis numbers count from the end, as in Keras.
 */
public final class Shape {
  /** An axis whose size is not known yet: Python's {@code None}. */
  public static final int UNKNOWN = -1;

  private final int[] dims;

  private Shape(int[] dims) {
    this.dims = dims;
  }

  /**
   * @param dims the sizes, {@link #UNKNOWN} where not known
   * @throws IllegalArgumentException if a size is below -1
   */
  public static Shape of(int... dims) {
    for (int dim : dims) {
      if (dim < UNKNOWN) {
        throw Problem.in("Shape", "a size must not be negative")
            .got(Arrays.toString(dims))
            .expected("sizes of 0 or more, or Shape.UNKNOWN (-1)")
            .asInvalidArgument();
      }
    }
    return new Shape(dims.clone());
  }

  /** The sizes as Keras writes them, null where unknown. */
  public static Shape of(List<? extends @Nullable Number> dims) {
    int[] values = new int[dims.size()];
    for (int i = 0; i < values.length; i++) {
      Number dim = dims.get(i);
      if (dim != null && (dim.doubleValue() != dim.intValue() || dim.intValue() < 0)) {
        throw Problem.in("Shape", "a size must be an integer from 0 to " + Integer.MAX_VALUE)
            .got(dims)
            .expected("sizes, or null where unknown")
            .asInvalidArgument();
      }
      values[i] = dim == null ? UNKNOWN : dim.intValue();
    }
    return new Shape(values);
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /** The size of {@code axis}, or {@link #UNKNOWN}. */
  public int get(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /** Whether the size of {@code axis} is known. */
  public boolean isKnown(int axis) {
    return get(axis) != UNKNOWN;
  }

  /** Whether the sizes of all axes are known. */
  public boolean isFullyKnown() {
    for (int dim : dims) {
      if (dim == UNKNOWN) {
        return false;
      }
    }
    return true;
  }

  /**
   * The number of elements.
   *
   * @throws IllegalStateException if an axis is unknown
   * @throws IllegalArgumentException if there are more than Java arrays can hold
   */
  public int size() {
    long size = 1;
    for (int dim : dims) {
      if (dim == UNKNOWN) {
        throw Problem.in("Shape", "the number of elements of " + this + " is not known")
            .asIllegalState();
      }
      size = dim == 0 ? 0 : size * dim;
      if (size > Integer.MAX_VALUE - 8) {
        throw Problem.in("Shape", "more elements than a Java array can hold")
            .got(this)
            .expected("at most " + (Integer.MAX_VALUE - 8) + " elements")
            .asInvalidArgument();
      }
    }
    return (int) size;
  }

  /** This shape with {@code size} on {@code axis}. */
  public Shape with(int axis, int size) {
    if (get(axis) == size) {
      return this;
    }
    int[] values = dims.clone();
    values[axis < 0 ? axis + dims.length : axis] = size;
    return Shape.of(values);
  }

  /** The axes from {@code from} on, up to but not including {@code to}. */
  public Shape slice(int from, int to) {
    return new Shape(Arrays.copyOfRange(dims, from, to));
  }

  /** This shape followed by {@code tail}. */
  public Shape concat(int... tail) {
    int[] values = Arrays.copyOf(dims, dims.length + tail.length);
    System.arraycopy(tail, 0, values, dims.length, tail.length);
    return Shape.of(values);
  }

  /** True if the ranks are equal and no axis is known in both with different sizes. */
  public boolean isCompatibleWith(Shape other) {
    if (other.dims.length != dims.length) {
      return false;
    }
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != UNKNOWN && other.dims[i] != UNKNOWN && dims[i] != other.dims[i]) {
        return false;
      }
    }
    return true;
  }

  /** True if axes of size 1, and new ones in front, stretch this shape to {@code other}. */
  public boolean stretchesTo(Shape other) {
    boolean stretches = dims.length <= other.dims.length;
    for (int axis = 1; stretches && axis <= dims.length; axis++) {
      stretches = get(-axis) == 1 || get(-axis) == other.get(-axis);
    }
    return stretches;
  }

  /** A copy of the sizes, {@link #UNKNOWN} where not known. */
  public int[] toArray() {
    return dims.clone();
  }

  /** The sizes as Keras writes them, null where unknown. */
  public List<@Nullable Integer> toList() {
    List<@Nullable Integer> list = new ArrayList<>(dims.length);
    for (int dim : dims) {
      list.add(dim == UNKNOWN ? null : dim);
    }
    return Collections.unmodifiableList(list);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** For example {@code (null, 64, 64, 3)}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "(", dims.length == 1 ? ",)" : ")");
    for (int dim : dims) {
      text.add(dim == UNKNOWN ? "null" : Integer.toString(dim));
    }
    return text.toString();
  }
}
