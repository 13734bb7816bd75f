package sepal.constraints;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * Vectors longer than {@code maxValue} are shortened to it.
 *
 * @param maxValue the greatest length, 2 unless given
 * @param axes the axes that a vector runs along, 0 unless given; for a convolution kernel (kh, kw,
 *     c, filters) axes 0, 1, 2 make one vector of each filter
 */
public record MaxNorm(double maxValue, List<Integer> axes) implements BuiltIn {
  public MaxNorm {
    axes = List.copyOf(axes);
  }

  /** With Keras' defaults. */
  public MaxNorm() {
    this(2);
  }

  /** Along axis 0. */
  public MaxNorm(double maxValue) {
    this(maxValue, List.of(0));
  }

  /**
   * @throws IllegalArgumentException if {@code weight} lacks an axis
   */
  @Override
  public Tensor apply(Tensor weight) {
    return Norms.rescale("MaxNorm", weight, axes, norm -> Norms.clip(norm, 0, maxValue));
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("max_value", maxValue);
    config.put("axis", Norms.axis(axes));
    return config;
  }
}
