package sepal.initializers;

/** What Keras itself provides. */
interface BuiltIn extends Initializer {
  @Override
  default String module() {
    return "keras.initializers";
  }
}
