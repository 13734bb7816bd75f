package sepal.losses;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** What is made of the losses of all samples. */
public enum Reduction {
  /** The weighted sum, divided by the number of values: not by the sum of the weights. */
  SUM_OVER_BATCH_SIZE,
  /** The same under another name. */
  MEAN,
  /** The weighted sum. */
  SUM,
  /** The weighted values themselves. */
  NONE,
  /** The weighted sum, divided by the sum of the weights. */
  MEAN_WITH_SAMPLE_WEIGHT;

  /**
   * @param where who asks, for the error message
   * @param name Keras' name; null for none; Keras 2's {@code auto} for its default
   * @throws IllegalArgumentException if the name is unknown
   */
  public static Reduction of(String where, @Nullable Object name) {
    if (name == null) {
      return NONE;
    }
    for (Reduction reduction : values()) {
      if (reduction == name || reduction.toString().equals(name)) {
        return reduction;
      }
    }
    if (name.equals("auto")) {
      return SUM_OVER_BATCH_SIZE;
    }
    var names = Arrays.stream(values()).map(Reduction::toString).toList();
    throw Problem.in(where, "unknown reduction")
        .got("reduction=\"" + name + "\"" + Check.didYouMean(name.toString(), names))
        .expected("one of " + String.join(", ", names) + ", or null")
        .asInvalidArgument();
  }

  /**
   * The reduced values, recorded on the tape.
   *
   * @param weight of the shape of the values, or of their first axes; null for 1
   */
  Tensor apply(Tensor values, @Nullable Tensor weight) {
    double[] weights = Samples.weights(weight, values.shape());
    if (this == NONE) {
      return scaled(values, weights);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += values.get(i) * weights[i];
    }
    double divisor =
        switch (this) {
          case SUM -> 1;
          case MEAN_WITH_SAMPLE_WEIGHT -> Arrays.stream(weights).sum();
          default -> weights.length;
        };
    double scale = divisor == 0 ? 0 : 1 / divisor;
    return Tape.record(
        Tensor.full(values.dtype(), Shape.of(), divisor == 0 ? 0 : sum / divisor),
        (upstream, needed) -> {
          double factor = scale * upstream.get(0);
          double[] gradient = Arrays.stream(weights).map(w -> w * factor).toArray();
          return new @Nullable Tensor[] {
            Tensor.wrap(gradient, values.shape()).cast(values.dtype())
          };
        },
        values);
  }

  /**
   * The same for some of the values; the others count neither in the sum nor in the divisor.
   *
   * @param counts for each value whether it counts
   */
  Tensor applyWhere(boolean[] counts, Tensor values, @Nullable Tensor weight) {
    double[] weights = Samples.weights(weight, values.shape());
    int valid = 0;
    for (boolean counting : counts) {
      valid += counting ? 1 : 0;
    }
    boolean mean = this == SUM_OVER_BATCH_SIZE || this == MEAN;
    double factor = mean && valid > 0 ? (double) counts.length / valid : 1;
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= counts[i] ? factor : 0;
    }
    return apply(values, Tensor.wrap(weights, values.shape()));
  }

  private static Tensor scaled(Tensor values, double[] weights) {
    return Tape.record(
        times(values, weights),
        (upstream, needed) -> new @Nullable Tensor[] {times(upstream, weights)},
        values);
  }

  private static Tensor times(Tensor values, double[] weights) {
    double[] products = weights.clone();
    for (int i = 0; i < products.length; i++) {
      products[i] *= values.get(i);
    }
    return Tensor.wrap(products, values.shape()).cast(values.dtype());
  }

  /** Keras' name: {@code sum_over_batch_size}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
