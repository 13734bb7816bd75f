package sepal.ops;

import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * Some elements to 0, the others scaled so that the mean stays.
 *
 * <p>Whether element i is kept is a hash of seed, call and i: the same on every machine, with no
 * state that threads would share.
 *
 * @see "Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014"
 */
final class DropoutOp {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private DropoutOp() {}

  static Tensor forward(Tensor x, double rate, Shape noise, long seed, long call) {
    return BinaryOp.MULTIPLY.forward(x, mask(rate, noise, seed, call).cast(x.dtype()));
  }

  /** 0 with a probability of {@code rate}, else {@code 1 / (1 - rate)}. */
  private static Tensor mask(double rate, Shape noise, long seed, long call) {
    double[] mask = new double[noise.size()];
    long key = mix(mix(seed) + STEP * (call + 1));
    double scale = 1 / (1 - rate);
    for (int i = 0; i < mask.length; i++) {
      double uniform = (mix(key + STEP * (i + 1)) >>> 11) * 0x1p-53;
      mask[i] = uniform < rate ? 0 : scale;
    }
    return Tensor.wrap(mask, noise);
  }

  private static long mix(long value) {
    value = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    value = (value ^ (value >>> 27)) * 0x94D049BB133111EBL;
    return value ^ (value >>> 31);
  }
}
