package sepal.activations;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/**
 * What Keras itself provides. Keras writes a function by its name alone, which has no room for
 * arguments. So a function with other arguments than the defaults is written as the Keras object
 * that computes the same: a layer such as {@code ReLU}, or an operation of {@code keras.ops}.
 */
interface BuiltIn extends Activation {

  /** The name of the function where the arguments are its defaults, else null. */
  @Nullable String functionName();

  @Override
  default String module() {
    return "keras.src.ops.nn";
  }

  @Override
  default Object serialize() {
    String name = functionName();
    if (name != null) {
      return name;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("module", module());
    map.put("class_name", className());
    map.put("config", getConfig());
    map.put("registered_name", module().equals("keras.layers") ? null : className());
    return map;
  }

  /** Refuses other types than float32 and float64. */
  default void checkFloating(Tensor x) {
    if (!x.dtype().isFloating()) {
      String name = functionName();
      throw Problem.in(
              "activation " + (name == null ? className() : name), "the input is not floating")
          .got(x.dtype() + " " + x.shape())
          .expected("float32 or float64")
          .fix("call cast(DType.FLOAT32) first")
          .asInvalidArgument();
    }
  }
}
