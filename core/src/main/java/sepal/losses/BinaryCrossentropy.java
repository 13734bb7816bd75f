package sepal.losses;

import java.util.List;
import sepal.tensor.Tensor;

/**
 * The mean of {@code -y log(p) - (1 - y) log(1 - p)} along an axis.
 *
 * @param fromLogits whether predictions are logits, not probabilities; false unless given
 * @param labelSmoothing from 0 (unless given) to 1: the part by which labels are drawn towards 0.5
 * @param axis the axis to take the mean along, the last unless given
 * @see "Keras 3.16, keras.losses.BinaryCrossentropy"
 */
public record BinaryCrossentropy(
    String name, Reduction reduction, boolean fromLogits, double labelSmoothing, int axis)
    implements Elementwise {
  /** With Keras' defaults. */
  public BinaryCrossentropy() {
    this("binary_crossentropy", Reduction.SUM_OVER_BATCH_SIZE, false, 0, -1);
  }

  /** With another reduction. */
  public BinaryCrossentropy reduction(Reduction reduction) {
    return new BinaryCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** With predictions that are logits, or not. */
  public BinaryCrossentropy fromLogits(boolean fromLogits) {
    return new BinaryCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** With labels that are smoothed by this part. */
  public BinaryCrossentropy labelSmoothing(double labelSmoothing) {
    return new BinaryCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  /** Along another axis. */
  public BinaryCrossentropy axis(int axis) {
    return new BinaryCrossentropy(name, reduction, fromLogits, labelSmoothing, axis);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  @Override
  public double valueAt(double y, double p) {
    double label = y * (1 - labelSmoothing) + labelSmoothing / 2;
    if (fromLogits) {
      return Math.max(p, 0) - p * label + Math.log1p(Math.exp(-Math.abs(p)));
    }
    double clipped = Probabilities.clip(p);
    return -label * Math.log(clipped) - (1 - label) * Math.log(1 - clipped);
  }

  @Override
  public double slopeAt(double y, double p) {
    double label = y * (1 - labelSmoothing) + labelSmoothing / 2;
    if (fromLogits) {
      return Probabilities.sigmoid(p) - label;
    }
    return p == Probabilities.clip(p) ? (1 - label) / (1 - p) - label / p : 0;
  }
}
