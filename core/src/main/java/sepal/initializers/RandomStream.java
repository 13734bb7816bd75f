package sepal.initializers;

/**
 * A stream of random numbers that is the same for the same seed on every machine and Java version:
 * SplitMix64, with Marsaglia's polar method for the normal distribution. Neither the Java library's
 * generators nor {@code Math.log} promise that.
 *
 * @see "Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014"
 */
final class RandomStream {
  private long state;
  private double spare = Double.NaN;

  RandomStream(long seed) {
    state = seed;
  }

  /** Uniform in [0, 1). */
  double uniform() {
    state += 0x9E3779B97F4A7C15L;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1p-53;
  }

  /** Normal with mean 0 and standard deviation 1. */
  double normal() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    while (true) {
      double x = 2 * uniform() - 1;
      double y = 2 * uniform() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * scale;
        return x * scale;
      }
    }
  }

  /** Normal, drawn again while it is more than 2 from 0. */
  double truncatedNormal() {
    double value = normal();
    while (Math.abs(value) > 2) {
      value = normal();
    }
    return value;
  }
}
