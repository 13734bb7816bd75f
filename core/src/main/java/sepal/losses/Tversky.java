package sepal.losses;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.config.KerasConfig;
import sepal.tensor.Tensor;

/**
 * One minus the overlap of labels and predictions, divided by the overlap plus what is in only one
 * of both.
 *
 * @param alpha weight of what is in the labels only, 0.5 unless given
 * @param beta weight of what is in the predictions only, 0.5 unless given
 * @param axis the axes to sum along, null (unless given) for all
 * @see "Keras 3.16, keras.losses.Tversky"
 */
public record Tversky(
    String name, Reduction reduction, double alpha, double beta, @Nullable List<Integer> axis)
    implements Groupwise {
  /** With Keras' defaults. */
  public Tversky() {
    this("tversky", Reduction.SUM_OVER_BATCH_SIZE, 0.5, 0.5, null);
  }

  /** With another reduction. */
  public Tversky reduction(Reduction reduction) {
    return new Tversky(name, reduction, alpha, beta, axis);
  }

  /** With another alpha. */
  public Tversky alpha(double alpha) {
    return new Tversky(name, reduction, alpha, beta, axis);
  }

  /** With another beta. */
  public Tversky beta(double beta) {
    return new Tversky(name, reduction, alpha, beta, axis);
  }

  /** Along another axis. */
  public Tversky axis(@Nullable List<Integer> axis) {
    return new Tversky(name, reduction, alpha, beta, axis);
  }

  @Override
  public List<Integer> axesOf(Tensor yPred) {
    return axis != null ? axis : IntStream.range(0, yPred.shape().rank()).boxed().toList();
  }

  @Override
  public double valueOf(double[] y, double[] p, double @Nullable [] gradient) {
    double overlap = 0;
    double sum = KerasConfig.epsilon();
    for (int i = 0; i < p.length; i++) {
      overlap += y[i] * p[i];
      sum += y[i] * p[i] + alpha * (1 - p[i]) * y[i] + beta * p[i] * (1 - y[i]);
    }
    if (gradient != null) {
      for (int i = 0; i < p.length; i++) {
        double slopeOfSum = y[i] - alpha * y[i] + beta * (1 - y[i]);
        gradient[i] = (overlap / sum * slopeOfSum - y[i]) / sum;
      }
    }
    return 1 - overlap / sum;
  }
}
