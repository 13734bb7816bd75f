package sepal.ops;

import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A tensor multiplied with or added to random numbers.
 *
 * <p>The random number of element i is a hash of seed, call and i: the same on every machine, with
 * no state that threads would share.
 *
 * @see "Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014"
 */
final class NoiseOp {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /** What the activation selu tends to for ever lesser numbers. */
  private static final double SELU_LIMIT = -1.0507009873554805 * 1.6732632423543772;

  private NoiseOp() {}

  /** Some elements to 0, the others scaled so that the mean stays. */
  static Tensor dropout(Tensor x, double rate, Shape noise, long seed, long call) {
    double[] factors = new double[noise.size()];
    long key = key(seed, call);
    double scale = 1 / (1 - rate);
    for (int i = 0; i < factors.length; i++) {
      factors[i] = uniform(key, i) < rate ? 0 : scale;
    }
    return times(x, factors, noise);
  }

  /**
   * Some elements to the limit of selu, then all scaled and shifted so that mean and variance stay,
   * where they were 0 and 1.
   *
   * @see "Klambauer, Unterthiner, Mayr, Hochreiter: Self-normalizing neural networks, 2017"
   */
  static Tensor alphaDropout(Tensor x, double rate, Shape noise, long seed, long call) {
    double[] factors = new double[noise.size()];
    double[] shifts = new double[noise.size()];
    long key = key(seed, call);
    double scale = 1 / Math.sqrt((1 - rate) * (1 + rate * SELU_LIMIT * SELU_LIMIT));
    for (int i = 0; i < factors.length; i++) {
      boolean dropped = uniform(key, i) < rate;
      factors[i] = dropped ? 0 : scale;
      shifts[i] = scale * SELU_LIMIT * ((dropped ? 1 : 0) - rate);
    }
    return plus(times(x, factors, noise), shifts, noise);
  }

  /** All elements multiplied by normal numbers around 1. */
  static Tensor gaussianDropout(Tensor x, double rate, long seed, long call) {
    return times(x, normal(x, 1, Math.sqrt(rate / (1 - rate)), seed, call), x.shape());
  }

  /** Normal numbers around 0 added to all elements. */
  static Tensor gaussianNoise(Tensor x, double stddev, long seed, long call) {
    return plus(x, normal(x, 0, stddev, seed, call), x.shape());
  }

  private static Tensor times(Tensor x, double[] factors, Shape shape) {
    return BinaryOp.MULTIPLY.forward(x, Tensor.wrap(factors, shape).cast(x.dtype()));
  }

  private static Tensor plus(Tensor x, double[] shifts, Shape shape) {
    return BinaryOp.ADD.forward(x, Tensor.wrap(shifts, shape).cast(x.dtype()));
  }

  /** A number for each element of {@code x}, two of them from two uniform ones (Box and Muller). */
  private static double[] normal(Tensor x, double mean, double stddev, long seed, long call) {
    double[] normal = new double[x.size()];
    long key = key(seed, call);
    for (int i = 0; i < normal.length; i += 2) {
      // StrictMath gives the same bits on every machine.
      double radius = stddev * Math.sqrt(-2 * StrictMath.log(1 - uniform(key, i)));
      double angle = 2 * Math.PI * uniform(key, i + 1);
      normal[i] = mean + radius * StrictMath.cos(angle);
      if (i + 1 < normal.length) {
        normal[i + 1] = mean + radius * StrictMath.sin(angle);
      }
    }
    return normal;
  }

  private static long key(long seed, long call) {
    return mix(mix(seed) + STEP * (call + 1));
  }

  /** In [0, 1). */
  private static double uniform(long key, int i) {
    return (mix(key + STEP * (i + 1)) >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    value = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    value = (value ^ (value >>> 27)) * 0x94D049BB133111EBL;
    return value ^ (value >>> 31);
  }
}
