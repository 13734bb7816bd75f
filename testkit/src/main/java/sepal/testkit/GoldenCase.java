package sepal.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * A file of a golden case, read key by key; every key that is missing or of another type throws.
 */
final class GoldenCase {
  private final String file;
  private final Map<String, @Nullable Object> values;

  GoldenCase(String file, Map<String, @Nullable Object> values) {
    this.file = file;
    this.values = values;
  }

  String file() {
    return file;
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(values.get(key));
  }

  String text(String key) {
    return cast(key, values.get(key), String.class);
  }

  GoldenCase object(String key) {
    return new GoldenCase(file, map(key));
  }

  Map<String, @Nullable Object> map(String key) {
    return asMap(key, values.get(key));
  }

  @SuppressWarnings("unchecked")
  private Map<String, @Nullable Object> asMap(String key, @Nullable Object value) {
    return (Map<String, @Nullable Object>) cast(key, value, Map.class);
  }

  /** The entry {@code name} of every object in a list. */
  List<String> texts(String key, String name) {
    List<String> texts = new ArrayList<>();
    for (Object item : cast(key, values.get(key), List.class)) {
      texts.add(cast(name, asMap(key, item).get(name), String.class));
    }
    return texts;
  }

  /** A shape, or a list of shapes, as a list. */
  @SuppressWarnings("unchecked")
  List<Shape> shapes(String key) {
    List<?> list = cast(key, values.get(key), List.class);
    boolean several = !list.isEmpty() && list.stream().allMatch(item -> item instanceof List<?>);
    List<?> all = several ? list : List.of(list);
    return all.stream().map(dims -> Shape.of((List<@Nullable Number>) dims)).toList();
  }

  List<?> list(String key) {
    return cast(key, values.get(key), List.class);
  }

  List<GoldenCase> objects(String key) {
    List<GoldenCase> objects = new ArrayList<>();
    for (Object item : list(key)) {
      objects.add(new GoldenCase(file, asMap(key, item)));
    }
    return objects;
  }

  Number number(String key) {
    return cast(key, values.get(key), Number.class);
  }

  Tensor tensor(String key) {
    return tensor(key, map(key));
  }

  List<Tensor> tensors(String key) {
    List<Tensor> tensors = new ArrayList<>();
    for (Object item : cast(key, values.get(key), List.class)) {
      tensors.add(tensor(key, asMap(key, item)));
    }
    return tensors;
  }

  /** Tensors, some of which may be null. */
  List<@Nullable Tensor> optionalTensors(String key) {
    List<@Nullable Tensor> tensors = new ArrayList<>();
    for (Object item : cast(key, values.get(key), List.class)) {
      tensors.add(item == null ? null : tensor(key, asMap(key, item)));
    }
    return tensors;
  }

  List<Number> numbers(String key) {
    List<Number> numbers = new ArrayList<>();
    for (Object item : cast(key, values.get(key), List.class)) {
      numbers.add(cast(key, item, Number.class));
    }
    return numbers;
  }

  private Tensor tensor(String key, Map<String, @Nullable Object> json) {
    GoldenCase object = new GoldenCase(file, json);
    Shape shape = object.shapes("shape").get(0);
    String dtype = object.text("dtype");
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(object.text("data"));
    } catch (IllegalArgumentException e) {
      throw bad(key, "data that are not base64").asInvalidArgument(e);
    }
    int width = dtype.endsWith("64") ? 8 : dtype.endsWith("32") ? 4 : 1;
    if (bytes.length != (long) shape.size() * width) {
      throw bad(key, bytes.length + " bytes for " + dtype + shape).asInvalidArgument();
    }
    return tensor(key, dtype, shape, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  private Tensor tensor(String key, String dtype, Shape shape, ByteBuffer bytes) {
    switch (dtype) {
      case "float32":
        float[] floats = new float[shape.size()];
        bytes.asFloatBuffer().get(floats);
        return Tensor.wrap(floats, shape);
      case "float64":
        double[] doubles = new double[shape.size()];
        bytes.asDoubleBuffer().get(doubles);
        return Tensor.wrap(doubles, shape);
      case "int32":
        int[] ints = new int[shape.size()];
        bytes.asIntBuffer().get(ints);
        return Tensor.wrap(ints, shape);
      case "int64":
        long[] longs = new long[shape.size()];
        bytes.asLongBuffer().get(longs);
        return Tensor.wrap(longs, shape);
      case "uint8":
      case "bool":
        return Tensor.wrap(bytes.array(), shape, dtype.equals("bool") ? DType.BOOL : DType.UINT8);
      default:
        throw bad(key, "dtype \"" + dtype + "\"").asInvalidArgument();
    }
  }

  private <T> T cast(String key, @Nullable Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw notOfType(key, value, type.getSimpleName());
    }
    return type.cast(value);
  }

  private InvalidArgument notOfType(String key, @Nullable Object value, String type) {
    return bad(key, value == null ? "nothing" : value.getClass().getSimpleName())
        .expected("a " + type)
        .asInvalidArgument();
  }

  private Problem bad(String key, String got) {
    return Problem.in(file, "not a golden case: \"" + key + "\" is wrong").got(got);
  }
}
