package sepal.losses;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;
import sepal.tensor.Tensor;

/**
 * How far predictions are from labels. A lambda of both that gives one value for each sample will
 * do; made of recorded operations, it has a gradient:
 *
 * <pre>{@code
 * Loss squares = (yTrue, yPred) -> Ops.mean(Ops.square(Ops.subtract(yPred, yTrue)), -1);
 * }</pre>
 *
 * <p>To be saved, a lambda must be registered with {@link Losses#registerFunction}.
 *
 * @see "Keras 3.16, keras.losses.Loss"
 */
@FunctionalInterface
public interface Loss extends Configurable {

  /**
   * The loss of each sample.
   *
   * @param yTrue the labels, of the dtype of the predictions
   * @param yPred the predictions, of the rank of the labels where the two could be brought to one
   * @return mostly of the shape of the predictions without the last axis
   */
  Tensor call(Tensor yTrue, Tensor yPred);

  /** What is made of the losses of all samples. */
  default Reduction reduction() {
    return Reduction.SUM_OVER_BATCH_SIZE;
  }

  /** The loss of a batch in which all samples weigh the same. */
  default Tensor apply(Tensor yTrue, Tensor yPred) {
    return apply(yTrue, yPred, null);
  }

  /**
   * The loss of a batch, recorded on the tape as a function of the predictions.
   *
   * @param yTrue the labels, of any dtype
   * @param yPred the predictions
   * @param sampleWeight one weight for each sample, or for each value of a sample; null for 1
   * @return a scalar, unless the reduction is none
   * @throws IllegalArgumentException if the shapes do not go together
   */
  default Tensor apply(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    Samples samples = Samples.align(yTrue, yPred);
    return reduction().apply(call(samples.yTrue(), samples.yPred()), sampleWeight);
  }

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }

  /**
   * @throws IllegalStateException for a lambda that is not registered
   */
  @Override
  default @Nullable Object serialize() {
    Object function = Losses.REGISTRY.serializeFunction(this);
    return function != null ? function : Configurable.super.serialize();
  }
}
