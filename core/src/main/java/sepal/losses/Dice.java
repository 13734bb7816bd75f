package sepal.losses;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.config.KerasConfig;
import sepal.tensor.Tensor;

/**
 * One minus twice the overlap of labels and predictions, divided by the sum of both.
 *
 * @param axis the axes to sum along, null (unless given) for all
 * @see "Keras 3.16, keras.losses.Dice"
 */
public record Dice(String name, Reduction reduction, @Nullable List<Integer> axis)
    implements Groupwise {
  /** With Keras' defaults. */
  public Dice() {
    this("dice", Reduction.SUM_OVER_BATCH_SIZE, null);
  }

  /** With another reduction. */
  public Dice reduction(Reduction reduction) {
    return new Dice(name, reduction, axis);
  }

  /** Along another axis. */
  public Dice axis(@Nullable List<Integer> axis) {
    return new Dice(name, reduction, axis);
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
      sum += y[i] + p[i];
    }
    if (gradient != null) {
      for (int i = 0; i < p.length; i++) {
        gradient[i] = 2 * (overlap / sum - y[i]) / sum;
      }
    }
    return 1 - 2 * overlap / sum;
  }
}
