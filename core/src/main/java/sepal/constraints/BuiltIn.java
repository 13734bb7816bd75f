package sepal.constraints;

/** What Keras itself provides. */
interface BuiltIn extends Constraint {
  @Override
  default String module() {
    return "keras.constraints";
  }
}
