package sepal.layers;

import org.jspecify.annotations.Nullable;
import sepal.tensor.DTypePolicy;

/**
 * The arguments of a layer, resolved and validated: one record for each layer class. Its
 * components, in order and under their snake-case names, are Keras' {@code get_config}.
 */
public interface LayerConfig {
  /** The name that was given, or null for an automatic one. */
  @Nullable String name();

  /** Whether training may change the weights of the layer, as it was given. */
  boolean trainable();

  /** The types of inputs, outputs and weights. */
  DTypePolicy dtype();
}
