package sepal.losses;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * {@code -sum(y log(p))} along the axis of the classes. Probabilities are first divided by their
 * sum.
 *
 * @param fromLogits whether predictions are logits, not probabilities; false unless given
 * @param labelSmoothing from 0 (unless given) to 1: the part of each label that is spread evenly
 *     over all classes
 * @param axis the axis of the classes, the last unless given
 * @see "Keras 3.16, keras.losses.CategoricalCrossentropy"
 */
public record CategoricalCrossentropy(
    String name, Reduction reduction, boolean fromLogits, double labelSmoothing, int axis)
    implements Groupwise {
  /** With Keras' defaults. */
  public CategoricalCrossentropy() {
    this("categorical_crossentropy", Reduction.SUM_OVER_BATCH_SIZE, false, 0, -1);
  }

  /** With another reduction. */
  public CategoricalCrossentropy reduction(Reduction reduction) {
    return new CategoricalCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** With predictions that are logits, or not. */
  public CategoricalCrossentropy fromLogits(boolean fromLogits) {
    return new CategoricalCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** With labels that are smoothed by this part. */
  public CategoricalCrossentropy labelSmoothing(double labelSmoothing) {
    return new CategoricalCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** Along another axis. */
  public CategoricalCrossentropy axis(int axis) {
    return new CategoricalCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    smooth(y, labelSmoothing);
    return Probabilities.crossentropy(y, p, fromLogits, gradient);
  }

  static void smooth(double[] y, double smoothing) {
    for (int i = 0; smoothing != 0 && i < y.length; i++) {
      y[i] = y[i] * (1 - smoothing) + smoothing / y.length;
    }
  }
}
