package sepal.optimizers;

/**
 * The step of an optimizer that remembers nothing, as a lambda for a {@link LambdaOptimizer}; one
 * that remembers something extends {@link Optimizer}.
 */
@FunctionalInterface
public interface UpdateRule {
  /**
   * Changes one weight in place.
   *
   * @param weight its elements
   * @param gradient the gradient of the loss by each of them
   * @param learningRate that of this step
   */
  void update(double[] weight, double[] gradient, double learningRate);
}
