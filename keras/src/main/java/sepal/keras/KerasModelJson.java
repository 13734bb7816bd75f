package sepal.keras;

import sepal.models.Model;
import sepal.models.ModelJson;

/** What {@link Keras#toJson} and {@link Keras#modelFromJson} do, as methods of the model. */
public final class KerasModelJson implements ModelJson {
  /** For {@code ServiceLoader}. */
  public KerasModelJson() {}

  @Override
  public String write(Model model) {
    return Keras.toJson(model);
  }

  @Override
  public Model read(String json) {
    return Keras.modelFromJson(json);
  }
}
