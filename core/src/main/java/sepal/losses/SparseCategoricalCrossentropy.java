package sepal.losses;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.shape.AxisGroups;
import sepal.tensor.Tensor;

/**
 * {@code -log(p)} of the class that the label names by its number. Probabilities are first divided
 * by their sum.
 *
 * @param fromLogits whether predictions are logits, not probabilities; false unless given
 * @param ignoreClass a label that marks what does not count, for example -1; null (unless given)
 *     for none
 * @param axis the axis of the classes, the last unless given
 * @see "Keras 3.16, keras.losses.SparseCategoricalCrossentropy"
 */
public record SparseCategoricalCrossentropy(
    String name, Reduction reduction, boolean fromLogits, @Nullable Integer ignoreClass, int axis)
    implements Groupwise {
  /** With Keras' defaults. */
  public SparseCategoricalCrossentropy() {
    this("sparse_categorical_crossentropy", Reduction.SUM_OVER_BATCH_SIZE, false, null, -1);
  }

  /** With another reduction. */
  public SparseCategoricalCrossentropy reduction(Reduction reduction) {
    return new SparseCategoricalCrossentropy(name, reduction, fromLogits, ignoreClass, axis);
  }

  /** With predictions that are logits, or not. */
  public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
    return new SparseCategoricalCrossentropy(name, reduction, fromLogits, ignoreClass, axis);
  }

  /** With a label that marks what does not count; null for none. */
  public SparseCategoricalCrossentropy ignoreClass(@Nullable Integer ignoreClass) {
    return new SparseCategoricalCrossentropy(name, reduction, fromLogits, ignoreClass, axis);
  }

  /** Along another axis. */
  public SparseCategoricalCrossentropy axis(int axis) {
    return new SparseCategoricalCrossentropy(name, reduction, fromLogits, ignoreClass, axis);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  /**
   * @throws IllegalArgumentException if a label is not the number of a class
   */
  @Override
  public Labels labels(Tensor yTrue, Tensor yPred, AxisGroups groups) {
    return ClassLabels.of(className(), yTrue, groups, ignoreClass);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    return Probabilities.crossentropy(y, p, fromLogits, gradient);
  }

  @Override
  public Tensor apply(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    if (ignoreClass == null) {
      return Groupwise.super.apply(yTrue, yPred, sampleWeight);
    }
    Samples samples = Samples.align(yTrue, yPred);
    Tensor values = call(samples.yTrue(), samples.yPred());
    boolean[] counts = new boolean[values.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = samples.yTrue().get(i) != ignoreClass;
    }
    return reduction.applyWhere(counts, values, sampleWeight);
  }
}
