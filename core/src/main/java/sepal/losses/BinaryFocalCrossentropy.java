package sepal.losses;

import java.util.List;
import sepal.tensor.Tensor;

/**
 * The binary crossentropy, weighted by {@code (1 - q)^gamma}, where q is the probability given to
 * the right label: what is right already counts less.
 *
 * @param fromLogits whether predictions are logits, not probabilities; false unless given
 * @param labelSmoothing from 0 (unless given) to 1: the part by which labels are drawn towards 0.5
 * @param axis the axis to take the mean along, the last unless given
 * @param applyClassBalancing whether label 1 weighs alpha and label 0 weighs 1 - alpha; false
 *     unless given
 * @param alpha 0.25 unless given
 * @param gamma 2 unless given; 0 for the plain crossentropy
 * @see "Keras 3.16, keras.losses.BinaryFocalCrossentropy"
 */
public record BinaryFocalCrossentropy(
    String name,
    Reduction reduction,
    boolean fromLogits,
    double labelSmoothing,
    int axis,
    boolean applyClassBalancing,
    double alpha,
    double gamma)
    implements Elementwise {
  private static final BinaryCrossentropy PLAIN = new BinaryCrossentropy();

  /** With Keras' defaults. */
  public BinaryFocalCrossentropy() {
    this("binary_focal_crossentropy", Reduction.SUM_OVER_BATCH_SIZE, false, 0, -1, false, 0.25, 2);
  }

  /** With another reduction. */
  public BinaryFocalCrossentropy reduction(Reduction reduction) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** With predictions that are logits, or not. */
  public BinaryFocalCrossentropy fromLogits(boolean fromLogits) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** With labels that are smoothed by this part. */
  public BinaryFocalCrossentropy labelSmoothing(double labelSmoothing) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** Along another axis. */
  public BinaryFocalCrossentropy axis(int axis) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** With the classes balanced by alpha, or not. */
  public BinaryFocalCrossentropy applyClassBalancing(boolean applyClassBalancing) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** With another alpha. */
  public BinaryFocalCrossentropy alpha(double alpha) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  /** With another gamma. */
  public BinaryFocalCrossentropy gamma(double gamma) {
    return new BinaryFocalCrossentropy(
        name, reduction, fromLogits, labelSmoothing, axis, applyClassBalancing, alpha, gamma);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  @Override
  public double valueAt(double y, double p) {
    double label = smooth(y);
    double probability = fromLogits ? Probabilities.sigmoid(p) : p;
    return weight(label)
        * Math.pow(1 - right(label, probability), gamma)
        * PLAIN.valueAt(label, probability);
  }

  @Override
  public double slopeAt(double y, double p) {
    double label = smooth(y);
    double probability = fromLogits ? Probabilities.sigmoid(p) : p;
    double wrong = 1 - right(label, probability);
    double slopeOfFocus = gamma == 0 ? 0 : gamma * Math.pow(wrong, gamma - 1) * (1 - 2 * label);
    double slope =
        slopeOfFocus * PLAIN.valueAt(label, probability)
            + Math.pow(wrong, gamma) * PLAIN.slopeAt(label, probability);
    double inner = fromLogits ? probability * (1 - probability) : 1;
    return weight(label) * slope * inner;
  }

  private double smooth(double y) {
    return y * (1 - labelSmoothing) + labelSmoothing / 2;
  }

  private double weight(double label) {
    return applyClassBalancing ? label * alpha + (1 - label) * (1 - alpha) : 1;
  }

  /** The probability given to the right label. */
  private static double right(double label, double probability) {
    return label * probability + (1 - label) * (1 - probability);
  }
}
