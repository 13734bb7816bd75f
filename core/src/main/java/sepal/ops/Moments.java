package sepal.ops;

import sepal.tensor.Tensor;

/**
 * Statistics of a batch for each channel.
 *
 * @param mean (channels)
 * @param variance (channels), the mean squared deviation: divided by the count, not by one less
 */
public record Moments(Tensor mean, Tensor variance) {}
