package sepal.layers;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Masks on their way through layers: some pass them on, the others drop them and say so once. */
final class Masks {
  /** The layers that pass masks on in Keras, because an element of theirs stays in its place. */
  private static final Set<String> PASS_ON =
      Set.of(
          "Activation",
          "ActivityRegularization",
          "Add",
          "AlphaDropout",
          "Average",
          "BatchNormalization",
          "Dense",
          "Dropout",
          "ELU",
          "GaussianDropout",
          "GaussianNoise",
          "GroupNormalization",
          "Identity",
          "LayerNormalization",
          "LeakyReLU",
          "Maximum",
          "Minimum",
          "Multiply",
          "PReLU",
          "ReLU",
          "Softmax",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "SpatialDropout3D",
          "Subtract",
          "UnitNormalization");

  private boolean warned;

  static boolean passOn(Layer layer) {
    return layer.module() != null && PASS_ON.contains(layer.className());
  }

  /** The mask of the output; null where the layer does not know what becomes of it. */
  <T> @Nullable T computeMask(Layer layer, @Nullable T mask) {
    if (mask == null || layer.supportsMasking()) {
      return mask;
    }
    synchronized (this) {
      if (!warned) {
        warned = true;
        System.getLogger("sepal.layers")
            .log(
                System.Logger.Level.WARNING,
                layer + " does not support masks: the mask of its input ends here");
      }
    }
    return null;
  }

  /** Hands the mask of the inputs, where they have the same one, to the outputs. */
  void propagate(Layer layer, Node node) {
    List<KerasTensor> inputs = node.inputs();
    KerasTensor mask = inputs.isEmpty() ? null : inputs.get(0).mask();
    if (mask != null && inputs.stream().allMatch(input -> input.mask() == mask)) {
      KerasTensor passed = computeMask(layer, mask);
      node.outputs().forEach(output -> output.setMask(passed));
    }
  }
}
