package sepal.constraints;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * Vectors are brought towards a length between {@code minValue} and {@code maxValue}.
 *
 * @param minValue the least length, 0 unless given
 * @param maxValue the greatest length, 1 unless given
 * @param rate 1 (unless given) to go all the way, less to go that part of it
 * @param axes the axes that a vector runs along, 0 unless given
 */
public record MinMaxNorm(double minValue, double maxValue, double rate, List<Integer> axes)
    implements BuiltIn {
  public MinMaxNorm {
    axes = List.copyOf(axes);
  }

  /** With Keras' defaults. */
  public MinMaxNorm() {
    this(0, 1, 1, List.of(0));
  }

  /**
   * @throws IllegalArgumentException if {@code weight} lacks an axis
   */
  @Override
  public Tensor apply(Tensor weight) {
    return Norms.rescale(
        "MinMaxNorm",
        weight,
        axes,
        norm -> rate * Norms.clip(norm, minValue, maxValue) + (1 - rate) * norm);
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("min_value", minValue);
    config.put("max_value", maxValue);
    config.put("rate", rate);
    config.put("axis", Norms.axis(axes));
    return config;
  }
}
