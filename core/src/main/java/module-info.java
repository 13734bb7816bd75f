/** Tensors, shapes, kernels, layers and models. */
module sepal.core {
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  exports sepal.activations;
  exports sepal.callbacks;
  exports sepal.check;
  exports sepal.config;
  exports sepal.constraints;
  exports sepal.initializers;
  exports sepal.kernels;
  exports sepal.layers;
  exports sepal.losses;
  exports sepal.metrics;
  exports sepal.models;
  exports sepal.ops;
  exports sepal.optimizers;
  exports sepal.regularizers;
  exports sepal.shape;
  exports sepal.tensor;
  exports sepal.training;

  uses sepal.callbacks.CheckpointStore;
  uses sepal.config.KerasConfig.Source;
  uses sepal.models.ModelJson;
}
