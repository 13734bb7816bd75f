package sepal.losses;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.config.KerasConfig;
import sepal.tensor.Tensor;

/**
 * The cosine of the angle between labels and predictions, made negative: -1 where they agree.
 *
 * @param axis the axis that the vectors lie along, the last unless given
 * @see "Keras 3.16, keras.losses.CosineSimilarity"
 */
public record CosineSimilarity(String name, Reduction reduction, int axis) implements Groupwise {
  /** With Keras' defaults. */
  public CosineSimilarity() {
    this(-1);
  }

  /** Along this axis. */
  public CosineSimilarity(int axis) {
    this("cosine_similarity", Reduction.SUM_OVER_BATCH_SIZE, axis);
  }

  /** With another reduction. */
  public CosineSimilarity reduction(Reduction reduction) {
    return new CosineSimilarity(name, reduction, axis);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return List.of(axis);
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    double lengthOfLabels = length(y);
    double length = length(p);
    double cosine = 0;
    for (int i = 0; i < p.length; i++) {
      cosine += y[i] / lengthOfLabels * (p[i] / length);
    }
    if (gradient != null) {
      for (int i = 0; i < p.length; i++) {
        double along = length > KerasConfig.epsilon() ? cosine * p[i] / length : 0;
        gradient[i] = (along - y[i] / lengthOfLabels) / length;
      }
    }
    return -cosine;
  }

  private static double length(double[] vector) {
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    return Math.max(Math.sqrt(sum), KerasConfig.epsilon());
  }
}
