package sepal.losses;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * The categorical crossentropy, with each class weighted by {@code alpha (1 - p)^gamma}: what is
 * right already counts less.
 *
 * @param fromLogits whether predictions are logits, not probabilities; false unless given
 * @param labelSmoothing from 0 (unless given) to 1: the part of each label that is spread evenly
 *     over all classes
 * @param axis the axis of the classes, the last unless given
 * @param alpha 0.25 unless given
 * @param gamma 2 unless given; 0 for the plain crossentropy
 * @see "Keras 3.16, keras.losses.CategoricalFocalCrossentropy"
 */
public record CategoricalFocalCrossentropy(
    String name,
    Reduction reduction,
    boolean fromLogits,
    double labelSmoothing,
    int axis,
    double alpha,
    double gamma)
    implements Groupwise {
  /** With Keras' defaults. */
  public CategoricalFocalCrossentropy() {
    this("categorical_focal_crossentropy", Reduction.SUM_OVER_BATCH_SIZE, false, 0, -1, 0.25, 2);
  }

  /** With another reduction. */
  public CategoricalFocalCrossentropy reduction(Reduction reduction) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  /** With predictions that are logits, or not. */
  public CategoricalFocalCrossentropy fromLogits(boolean fromLogits) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  /** With labels that are smoothed by this part. */
  public CategoricalFocalCrossentropy labelSmoothing(double labelSmoothing) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  /** Along another axis. */
  public CategoricalFocalCrossentropy axis(int axis) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  /** With another alpha. */
  public CategoricalFocalCrossentropy alpha(double alpha) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  /** With another gamma. */
  public CategoricalFocalCrossentropy gamma(double gamma) {
    return new CategoricalFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, alpha, gamma);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    CategoricalCrossentropy.smooth(y, labelSmoothing);
    double[] probabilities = fromLogits ? Probabilities.softmax(p) : p;
    double sum = Probabilities.sum(probabilities);
    double value = 0;
    for (int i = 0; i < p.length; i++) {
      double share = probabilities[i] / sum;
      double clipped = Probabilities.clip(share);
      double focus = alpha * Math.pow(1 - clipped, gamma);
      value -= y[i] * focus * Math.log(clipped);
      if (gradient != null) {
        double slopeOfFocus = gamma * focus / (1 - clipped);
        gradient[i] =
            share == clipped ? y[i] * (slopeOfFocus * Math.log(clipped) - focus / clipped) : 0;
      }
    }
    if (gradient != null) {
      Probabilities.throughShares(probabilities, sum, gradient);
      if (fromLogits) {
        Probabilities.throughSoftmax(probabilities, gradient);
      }
    }
    return value;
  }
}
