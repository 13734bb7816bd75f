package sepal.constraints;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * Vectors are brought to length 1.
 *
 * @param axes the axes that a vector runs along, 0 unless given
 */
public record UnitNorm(List<Integer> axes) implements BuiltIn {
  public UnitNorm {
    axes = List.copyOf(axes);
  }

  /** With Keras' defaults. */
  public UnitNorm() {
    this(List.of(0));
  }

  /**
   * @throws IllegalArgumentException if {@code weight} lacks an axis
   */
  @Override
  public Tensor apply(Tensor weight) {
    return Norms.rescale("UnitNorm", weight, axes, norm -> 1);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("axis", Norms.axis(axes));
  }
}
