package sepal.metrics;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Configurable;
import sepal.tensor.Tensor;

/**
 * A number that is gathered over many batches. Metrics have a state: each belongs to one model and
 * to one thread at a time.
 *
 * @see "Keras 3.16, keras.metrics.Metric"
 */
public interface Metric extends Configurable {

  /** Which way is better. */
  enum Direction {
    /** Greater is better: an accuracy. */
    UP,
    /** Less is better: an error. */
    DOWN,
    /** The name does not tell. */
    UNKNOWN
  }

  /** What logs call it. */
  String name();

  /**
   * Takes in a batch.
   *
   * @param sampleWeight one weight for each sample, or for each value of a sample; null for 1
   * @throws IllegalArgumentException if the shapes do not go together
   */
  void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight);

  /** What all batches since the last reset came to: a scalar, or a vector of float64. */
  Tensor values();

  /** Forgets all batches. */
  void reset();

  /**
   * What all batches since the last reset came to.
   *
   * @throws IllegalStateException if it is more than one number
   */
  default double result() {
    Tensor values = values();
    if (values.size() != 1) {
      throw Problem.in("metric \"" + name() + "\"", "the result is not one number")
          .got(values.size() + " numbers")
          .fix("ask for an average in its arguments, or call values()")
          .asIllegalState();
    }
    return values.get(0);
  }

  /** Which way is better, for callbacks that look for the best. */
  default Direction direction() {
    return Direction.UNKNOWN;
  }
}
