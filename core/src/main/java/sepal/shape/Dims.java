package sepal.shape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A few integers, one for each spatial dimension, in the order of the data: (height, width) in two
 * dimensions. Immutable; equal by value.
 */
public final class Dims {
  private final int[] values;

  private Dims(int[] values) {
    this.values = values;
  }

  /** These values, copied. */
  public static Dims of(int... values) {
    return new Dims(values.clone());
  }

  /** {@code rank} times {@code value}. */
  public static Dims fill(int rank, int value) {
    int[] values = new int[rank];
    Arrays.fill(values, value);
    return new Dims(values);
  }

  /** The number of values. */
  public int rank() {
    return values.length;
  }

  /** The value of an axis, counted from 0. */
  public int get(int axis) {
    return values[axis];
  }

  /** The product of all values. */
  public int product() {
    int product = 1;
    for (int value : values) {
      product = Math.multiplyExact(product, value);
    }
    return product;
  }

  /** The greatest value; 0 if there is none. */
  public int max() {
    int max = values.length == 0 ? 0 : values[0];
    for (int value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** The least value; 0 if there is none. */
  public int min() {
    int min = values.length == 0 ? 0 : values[0];
    for (int value : values) {
      min = Math.min(min, value);
    }
    return min;
  }

  /** The values as a list. */
  public List<Integer> toList() {
    return Arrays.stream(values).boxed().toList();
  }

  /** A copy of the values. */
  public int[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dims dims && Arrays.equals(values, dims.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** As Python prints a tuple: {@code (3, 3)}. */
  @Override
  public String toString() {
    return Arrays.stream(values)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", values.length == 1 ? ",)" : ")"));
  }
}
