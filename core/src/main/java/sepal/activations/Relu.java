package sepal.activations;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.ParallelElementwise;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * {@code x} above the threshold, but no more than {@code maxValue}; below it, {@code negativeSlope}
 * times the distance to it.
 *
 * @param negativeSlope 0 unless given
 * @param maxValue null (unless given) for no limit
 * @param threshold 0 unless given
 * @see "Keras 3.16, keras.activations.relu and relu6"
 */
public record Relu(double negativeSlope, @Nullable Double maxValue, double threshold)
    implements Elementwise {
  /** With Keras' defaults. */
  public Relu() {
    this(0, null, 0);
  }

  /** The plain forms, which most models use, in a loop that the compiler turns into SIMD. */
  @Override
  public Tensor apply(Tensor x) {
    Clamp clamp = clamp();
    if (clamp == null || x.dtype() != DType.FLOAT32) {
      return Elementwise.super.apply(x);
    }
    float[] out = new float[x.size()];
    ParallelElementwise.clamp(x.floats(), 0, clamp, out, 0, out.length);
    return record(Tensor.wrap(out, x.shape()), x);
  }

  @Override
  public Tensor gradient(Tensor upstream, Tensor x) {
    Clamp clamp = clamp();
    if (clamp == null || x.dtype() != DType.FLOAT32) {
      return Elementwise.super.gradient(upstream, x);
    }
    float[] dx = new float[x.size()];
    KernelChoice.kernels().clampBackward(x.floats(), clamp, upstream.floats(), dx);
    return Tensor.wrap(dx, x.shape());
  }

  @Override
  public double valueAt(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    double above = x > threshold ? x : 0;
    if (maxValue != null) {
      above = Math.min(Math.max(above, 0), maxValue);
    }
    return negativeSlope == 0 || x >= threshold ? above : above + negativeSlope * (x - threshold);
  }

  @Override
  public double slopeAt(double x) {
    if (maxValue != null && x >= maxValue) {
      return 0;
    }
    return x > threshold ? 1 : negativeSlope;
  }

  @Override
  public @Nullable Clamp clamp() {
    if (negativeSlope != 0 || threshold != 0) {
      return null;
    }
    return maxValue == null ? Clamp.RELU : maxValue == 6 ? Clamp.RELU6 : null;
  }

  @Override
  public @Nullable String functionName() {
    Clamp clamp = clamp();
    return clamp == null ? null : clamp == Clamp.RELU ? "relu" : "relu6";
  }

  @Override
  public String className() {
    return "ReLU";
  }

  @Override
  public String module() {
    return "keras.layers";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("max_value", maxValue);
    config.put("negative_slope", negativeSlope);
    config.put("threshold", threshold);
    return config;
  }
}
