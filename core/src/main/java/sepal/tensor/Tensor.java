package sepal.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;

/**
 * A dense, row-major, immutable array of numbers.
 *
 * <p>The data lie in one Java array: {@code float[]}, {@code double[]}, {@code int[]}, {@code
 * long[]} or, for uint8 and bool, {@code byte[]}. Methods named {@code of} copy what they are
 * given; {@code wrap} does not, and its caller must not change the array afterwards.
 */
public final class Tensor {
  private final Shape shape;
  private final DType dtype;
  private final Object data;
  private volatile @Nullable Derived derived;

  private record Derived(Object key, Object value, @Nullable Derived before) {}

  private Tensor(Shape shape, DType dtype, Object data) {
    int length = java.lang.reflect.Array.getLength(data);
    if (length != shape.size()) {
      throw Problem.in("Tensor", "the data do not fill the shape")
          .got(length + " elements for shape " + shape)
          .expected(shape.size() + " elements")
          .asInvalidArgument();
    }
    this.shape = shape;
    this.dtype = dtype;
    this.data = data;
  }

  /** A float32 tensor with a copy of {@code data}. */
  public static Tensor of(float[] data, int... shape) {
    return wrap(data.clone(), Shape.of(shape));
  }

  /** A float64 tensor with a copy of {@code data}. */
  public static Tensor of(double[] data, int... shape) {
    return wrap(data.clone(), Shape.of(shape));
  }

  /** An int32 tensor with a copy of {@code data}. */
  public static Tensor of(int[] data, int... shape) {
    return wrap(data.clone(), Shape.of(shape));
  }

  /** A float32 scalar. */
  public static Tensor scalar(float value) {
    return wrap(new float[] {value}, Shape.of());
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return zeros(DType.FLOAT32, Shape.of(shape));
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, Shape shape) {
    return new Tensor(shape, dtype, dtype.newArray(shape.size()));
  }

  /** A tensor of {@code value} in every place. */
  public static Tensor full(DType dtype, Shape shape, double value) {
    Object data = dtype.newArray(shape.size());
    for (int i = 0; i < shape.size(); i++) {
      set(dtype, data, i, value);
    }
    return new Tensor(shape, dtype, data);
  }

  /** A float32 tensor on {@code data} itself, which must not change any more. */
  public static Tensor wrap(float[] data, Shape shape) {
    return new Tensor(shape, DType.FLOAT32, data);
  }

  /** A float64 tensor on {@code data} itself, which must not change any more. */
  public static Tensor wrap(double[] data, Shape shape) {
    return new Tensor(shape, DType.FLOAT64, data);
  }

  /** An int32 tensor on {@code data} itself, which must not change any more. */
  public static Tensor wrap(int[] data, Shape shape) {
    return new Tensor(shape, DType.INT32, data);
  }

  /** An int64 tensor on {@code data} itself, which must not change any more. */
  public static Tensor wrap(long[] data, Shape shape) {
    return new Tensor(shape, DType.INT64, data);
  }

  /** A uint8 or bool tensor on {@code data} itself, which must not change any more. */
  public static Tensor wrap(byte[] data, Shape shape, DType dtype) {
    if (dtype != DType.UINT8 && dtype != DType.BOOL) {
      throw Problem.in("Tensor", "bytes hold uint8 or bool").got(dtype).asInvalidArgument();
    }
    return new Tensor(shape, dtype, data);
  }

  /** A tensor on {@code array} itself, an array as {@link DType#newArray} makes it. */
  public static Tensor wrap(Object array, Shape shape, DType dtype) {
    if (array.getClass() != dtype.newArray(0).getClass()) {
      throw Problem.in("Tensor", "the array is of another type")
          .got(array.getClass().getSimpleName())
          .expected(dtype.newArray(0).getClass().getSimpleName() + " for " + dtype)
          .asInvalidArgument();
    }
    return new Tensor(shape, dtype, array);
  }

  /** The sizes of the axes; all of them are known. */
  public Shape shape() {
    return shape;
  }

  /** The type of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** The number of elements. */
  public int size() {
    return shape.size();
  }

  /**
   * The float32 elements themselves, not a copy: never write to them.
   *
   * @throws IllegalStateException if the dtype is another
   */
  public float[] floats() {
    if (data instanceof float[] floats) {
      return floats;
    }
    throw wrongType(DType.FLOAT32);
  }

  /**
   * The float64 elements themselves, not a copy: never write to them.
   *
   * @throws IllegalStateException if the dtype is another
   */
  public double[] doubles() {
    if (data instanceof double[] doubles) {
      return doubles;
    }
    throw wrongType(DType.FLOAT64);
  }

  /**
   * The elements of any type, not a copy, for code that only moves them: never write to them.
   *
   * @see DType#newArray
   */
  public Object array() {
    return data;
  }

  private IllegalStateException wrongType(DType wanted) {
    return Problem.in("Tensor", "the elements are of another type")
        .got(dtype)
        .expected(wanted.toString())
        .fix("call cast(DType." + wanted.name() + ") first")
        .asIllegalState();
  }

  /** The element at {@code index}, counted along the rows. */
  public double get(int index) {
    return switch (dtype) {
      case FLOAT32 -> ((float[]) data)[index];
      case FLOAT64 -> ((double[]) data)[index];
      case INT32 -> ((int[]) data)[index];
      case INT64 -> ((long[]) data)[index];
      case UINT8, BOOL -> ((byte[]) data)[index] & 0xff;
    };
  }

  /** A copy of the elements as float32. */
  public float[] toFloatArray() {
    return cast(DType.FLOAT32).floats().clone();
  }

  /** A copy of the elements as float64. */
  public double[] toDoubleArray() {
    return cast(DType.FLOAT64).doubles().clone();
  }

  /** This tensor with elements of another type; itself where it has that type. */
  public Tensor cast(DType wanted) {
    if (wanted == dtype) {
      return this;
    }
    int count = size();
    Object cast = wanted.newArray(count);
    if (data instanceof float[] from && cast instanceof double[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = from[i];
      }
    } else if (data instanceof double[] from && cast instanceof float[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = (float) from[i];
      }
    } else if (data instanceof long[] from && cast instanceof int[] to) {
      for (int i = 0; i < count; i++) {
        to[i] = (int) from[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        set(wanted, cast, i, get(i));
      }
    }
    return new Tensor(shape, wanted, cast);
  }

  /** The same elements in another shape. */
  public Tensor reshape(Shape wanted) {
    return wanted.equals(shape) ? this : new Tensor(wanted, dtype, data);
  }

  /** A copy of the samples {@code from} up to but not including {@code to}, along axis 0. */
  public Tensor rows(int from, int to) {
    int row = shape.slice(1, shape.rank()).size();
    Object part = dtype.newArray((to - from) * row);
    System.arraycopy(data, from * row, part, 0, (to - from) * row);
    return new Tensor(shape.with(0, to - from), dtype, part);
  }

  /** A copy of the samples at these places along axis 0, in this order. */
  public Tensor rows(int[] places) {
    int row = shape.slice(1, shape.rank()).size();
    Object part = dtype.newArray(places.length * row);
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(data, places[i] * row, part, i * row, row);
    }
    return new Tensor(shape.with(0, places.length), dtype, part);
  }

  /** The samples of tensors of one type and sample shape, one after the other along axis 0. */
  public static Tensor concatRows(List<Tensor> parts) {
    Tensor first = parts.get(0);
    int rows = parts.stream().mapToInt(part -> part.shape.get(0)).sum();
    Shape shape = first.shape.with(0, rows);
    Object data = first.dtype.newArray(shape.size());
    int position = 0;
    for (Tensor part : parts) {
      System.arraycopy(part.data, 0, data, position, part.size());
      position += part.size();
    }
    return new Tensor(shape, first.dtype, data);
  }

  /**
   * Something computed from this tensor and kept with it, the latest two of their kind: kernels
   * keep the packed forms of a weight here, that of the forward and that of the gradient. Since
   * tensors never change, they never grow stale.
   */
  @SuppressWarnings("unchecked")
  public <T> T derived(Object key, Supplier<T> compute) {
    Derived latest = derived;
    for (Derived known = latest; known != null; known = known.before) {
      if (known.key.equals(key)) {
        return (T) known.value;
      }
    }
    Derived before = latest == null ? null : new Derived(latest.key, latest.value, null);
    T value = compute.get();
    derived = new Derived(key, value, before);
    return value;
  }

  private static void set(DType dtype, Object data, int index, double value) {
    switch (dtype) {
      case FLOAT32 -> ((float[]) data)[index] = (float) value;
      case FLOAT64 -> ((double[]) data)[index] = value;
      case INT32 -> ((int[]) data)[index] = (int) value;
      case INT64 -> ((long[]) data)[index] = (long) value;
      case UINT8 -> ((byte[]) data)[index] = (byte) (int) value;
      case BOOL -> ((byte[]) data)[index] = (byte) (value == 0 ? 0 : 1);
    }
  }

  /** Type, shape and the first elements. */
  @Override
  public String toString() {
    int shown = Math.min(size(), 8);
    double[] first = new double[shown];
    for (int i = 0; i < shown; i++) {
      first[i] = get(i);
    }
    String more = shown < size() ? ", ..." : "";
    String values = Arrays.toString(first);
    return "Tensor(" + dtype + shape + " " + values.substring(0, values.length() - 1) + more + "])";
  }
}
