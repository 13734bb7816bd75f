/** Keras' files in and out. */
module sepal.keras {
  requires transitive sepal.core;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports sepal.keras;

  provides sepal.callbacks.CheckpointStore with
      sepal.keras.CheckpointFiles;
  provides sepal.config.KerasConfig.Source with
      sepal.keras.KerasJson;
  provides sepal.models.ModelJson with
      sepal.keras.KerasModelJson;
}
