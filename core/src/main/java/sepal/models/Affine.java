package sepal.models;

import org.jspecify.annotations.Nullable;
import sepal.layers.BatchNormalization;
import sepal.tensor.Tensor;

/** {@code x * scale + shift} for each channel: what a normalization comes to. */
record Affine(double[] scale, double[] shift) {

  static Affine of(BatchNormalization layer, Stage.Values values) {
    Tensor gamma = values.find(layer, "gamma");
    Tensor beta = values.find(layer, "beta");
    Tensor mean = values.get(layer, "moving_mean");
    Tensor variance = values.get(layer, "moving_variance");
    double[] scale = new double[mean.size()];
    double[] shift = new double[mean.size()];
    for (int c = 0; c < scale.length; c++) {
      scale[c] =
          (gamma == null ? 1 : gamma.get(c))
              / Math.sqrt(variance.get(c) + layer.config().epsilon());
      shift[c] = (beta == null ? 0 : beta.get(c)) - mean.get(c) * scale[c];
    }
    return new Affine(scale, shift);
  }

  /** This function of {@code x + bias}. */
  Affine afterBias(float @Nullable [] bias) {
    double[] ones = new double[scale.length];
    double[] before = new double[scale.length];
    for (int c = 0; c < ones.length; c++) {
      ones[c] = 1;
      before[c] = bias == null ? 0 : bias[c];
    }
    return after(new Affine(ones, before));
  }

  /** This function of what {@code first} gives. */
  Affine after(Affine first) {
    double[] product = new double[scale.length];
    double[] sum = new double[scale.length];
    for (int c = 0; c < product.length; c++) {
      product[c] = first.scale[c] * scale[c];
      sum[c] = first.shift[c] * scale[c] + shift[c];
    }
    return new Affine(product, sum);
  }

  float[] scaleValues() {
    return toFloats(scale);
  }

  float[] shiftValues() {
    return toFloats(shift);
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
