package sepal.models;

import java.util.ServiceLoader;
import sepal.check.Problem;

/**
 * Models as JSON and back: {@link Model#toJson} and {@link Model#fromJson}. This module has no JSON
 * of its own; an implementation is found by {@link ServiceLoader}, and {@code sepal-keras} is one.
 */
public interface ModelJson {
  /** The configuration of a model as Keras 3 writes it. */
  String write(Model model);

  /**
   * A new model, with new weights, from what any Keras wrote.
   *
   * @throws IllegalArgumentException if it is not such a text, or contains a class that is not
   *     known, or code
   * @throws UnsupportedOperationException if the model asks for what Sepal does not do
   */
  Model read(String json);

  /**
   * The implementation that is present.
   *
   * @throws IllegalStateException if there is none
   */
  static ModelJson find() {
    return ServiceLoader.load(ModelJson.class)
        .findFirst()
        .orElseThrow(
            () ->
                Problem.in("Model", "no module is present that reads and writes JSON")
                    .fix("add sepal-keras")
                    .asIllegalState());
  }
}
