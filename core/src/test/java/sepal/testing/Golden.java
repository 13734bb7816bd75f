package sepal.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

/** Numbers recorded from Keras 3.16, in the test resources under {@code golden}. */
public final class Golden {
  private Golden() {}

  /** A JSON file as maps, lists, strings and numbers. */
  public static Map<String, Object> read(String name) {
    return map(parse(name));
  }

  /** A JSON file that is a list of objects. */
  public static List<Map<String, Object>> readList(String name) {
    return maps(parse(name));
  }

  private static Object parse(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return new JsonMapper().readValue(Objects.requireNonNull(in, name), Object.class);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(Object json) {
    return (Map<String, Object>) json;
  }

  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> maps(Object json) {
    return (List<Map<String, Object>>) json;
  }

  @SuppressWarnings("unchecked")
  public static Shape shape(Object json) {
    return Shape.of((List<Integer>) json);
  }

  /** {@code {"dtype", "shape", "data"}}: little-endian values in base64. */
  public static Tensor tensor(Object json) {
    Map<String, Object> map = map(json);
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode((String) map.get("data")))
            .order(ByteOrder.LITTLE_ENDIAN);
    if ("int32".equals(map.get("dtype"))) {
      int[] values = new int[bytes.remaining() / Integer.BYTES];
      bytes.asIntBuffer().get(values);
      return Tensor.wrap(values, shape(map.get("shape")));
    }
    if (!"float32".equals(map.get("dtype"))) {
      throw new IllegalStateException("neither float32 nor int32: " + map.get("dtype"));
    }
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return Tensor.wrap(values, shape(map.get("shape")));
  }

  /** With all numbers as doubles, so that 2 equals 2.0, as in Python. */
  public static Object plain(Object json) {
    if (json instanceof Number number) {
      return number.doubleValue();
    }
    if (json instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (json instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      map.forEach((key, value) -> plain.put(key, plain(value)));
      return plain;
    }
    return json;
  }
}
