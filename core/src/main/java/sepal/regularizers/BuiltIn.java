package sepal.regularizers;

import sepal.check.Problem;

/** What Keras itself provides. */
interface BuiltIn extends Regularizer {
  @Override
  default String module() {
    return "keras.regularizers";
  }

  /** Refuses coefficients that would reward instead of punish. */
  default void checkCoefficient(String argument, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw Problem.in(className(), argument + " must be a finite number, 0 or more")
          .got(argument + "=" + value)
          .expected("0 or more")
          .asInvalidArgument();
    }
  }
}
