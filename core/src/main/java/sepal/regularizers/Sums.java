package sepal.regularizers;

import sepal.tensor.Tensor;

/** Sums over a tensor, in double. */
final class Sums {
  private Sums() {}

  static double absolute(Tensor x) {
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += Math.abs(x.get(i));
    }
    return sum;
  }

  static double square(Tensor x) {
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      double value = x.get(i);
      sum += value * value;
    }
    return sum;
  }
}
