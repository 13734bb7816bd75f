package sepal.benchmarks;

/**
 * The gradients by all that a layer was given, of the shapes of {@link LayerData}.
 *
 * @param x (batch, h, w, channels)
 * @param depthwise (kh, kw, channels, multiplier)
 * @param pointwise (channels * multiplier, filters)
 * @param bias (filters)
 */
public record LayerGradients(float[] x, float[] depthwise, float[] pointwise, float[] bias) {}
