package sepal.ops;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/** The tensors of an operation some of whose inputs may be absent. */
final class Inputs {
  private Inputs() {}

  /** Those that are present, in order. */
  static Tensor[] of(@Nullable Tensor... tensors) {
    return Arrays.stream(tensors).filter(Objects::nonNull).toArray(Tensor[]::new);
  }
}
