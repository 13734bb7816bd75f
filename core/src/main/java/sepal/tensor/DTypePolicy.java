package sepal.tensor;

import java.util.List;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * The types a layer works with.
 *
 * @param name Keras' name of the policy
 * @param computeDtype the type that inputs are cast to and outputs have
 * @param variableDtype the type of the weights
 */
public record DTypePolicy(String name, DType computeDtype, DType variableDtype) {
  /** Everything in float32: Keras' default. */
  public static final DTypePolicy FLOAT32 =
      new DTypePolicy("float32", DType.FLOAT32, DType.FLOAT32);

  /** Everything in float64. */
  public static final DTypePolicy FLOAT64 =
      new DTypePolicy("float64", DType.FLOAT64, DType.FLOAT64);

  /**
   * @param where who asks, for the error message
   * @param name {@code float32} or {@code float64}
   * @throws IllegalArgumentException if the name is unknown
   * @throws UnsupportedOperationException for Keras' half-precision policies
   */
  public static DTypePolicy of(String where, String name) {
    return switch (name) {
      case "float32" -> FLOAT32;
      case "float64" -> FLOAT64;
      case "float16", "bfloat16", "mixed_float16", "mixed_bfloat16" ->
          throw Problem.in(where, "half precision is not supported")
              .got("dtype=\"" + name + "\"")
              .expected("\"float32\" or \"float64\"")
              .asUnsupported();
      default ->
          throw Problem.in(where, "unknown dtype")
              .got("dtype=\"" + name + "\"" + Check.didYouMean(name, List.of("float32", "float64")))
              .expected("\"float32\" or \"float64\"")
              .asInvalidArgument();
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
