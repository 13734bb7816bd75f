package sepal.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import sepal.keras.Json;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Tensors that were recorded from Keras, as JSON. */
final class Recorded {
  static final Path MODELS = Path.of("../testkit/src/test/resources/golden/models");

  /** Where real models and what Keras made of them lie on some machines. */
  static final Path SHARED = Path.of(System.getProperty("sepal.root", "..")).resolve("../shared");

  private Recorded() {}

  static Map<String, Object> file(Path file) throws IOException {
    return Json.parseObject(file.toString(), Files.readAllBytes(file));
  }

  @SuppressWarnings("unchecked")
  static Tensor tensor(Object json) {
    Map<String, Object> map = (Map<String, Object>) json;
    byte[] bytes = Base64.getDecoder().decode((String) map.get("data"));
    float[] floats = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return Tensor.wrap(floats, Shape.of((List<Integer>) map.get("shape")));
  }

  /** The tensor at {@code index} of a list of them. */
  static Tensor tensor(Map<String, Object> file, String key, int index) {
    return tensor(((List<?>) file.get(key)).get(index));
  }
}
