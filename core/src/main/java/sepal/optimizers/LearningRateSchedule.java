package sepal.optimizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Configurable;

/** The learning rate as a function of the number of updates so far. A lambda will do. */
@FunctionalInterface
public interface LearningRateSchedule extends Configurable {

  /**
   * @param step the number of updates before this one
   */
  double apply(long step);

  @Override
  default Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }
}
