package sepal.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;

/** Layers from other layers. */
final class LayerCopies {
  private LayerCopies() {}

  static <L extends Layer> L fromConfig(
      Class<L> type, Map<String, ? extends @Nullable Object> config) {
    String name = type.getSimpleName();
    Layer layer = Layers.fromConfig(name + ".fromConfig", name, new LinkedHashMap<>(config));
    if (!type.isInstance(layer)) {
      throw Problem.in(name + ".fromConfig", "the name stands for another class")
          .got(layer.getClass().getName())
          .expected(type.getName())
          .asInvalidArgument();
    }
    return type.cast(layer);
  }

  /** A layer like {@code layer}, with weights if it has been built. */
  static Layer copy(Layer layer, List<Shape> builtOn) {
    Map<String, @Nullable Object> config = layer.getConfig();
    if (!Layers.isRegistered(layer.className())) {
      throw Problem.in(layer.toString(), "a layer whose class is not registered cannot be copied")
          .fix("call Layers.register(\"" + layer.className() + "\", config -> ...) first")
          .asInvalidArgument();
    }
    Layer copy = Layers.fromConfig("a copy of " + layer, layer.className(), config);
    if (layer.isBuilt()) {
      copy.build(builtOn.toArray(Shape[]::new));
      copy.setWeights(layer.getWeights());
    }
    return copy;
  }

  /** The layer and all layers inside it, each once. */
  static List<Layer> withInside(Layer layer) {
    Set<Layer> all = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Layer> list = new ArrayList<>();
    collect(layer, all, list);
    return list;
  }

  private static void collect(Layer layer, Set<Layer> seen, List<Layer> list) {
    if (seen.add(layer)) {
      list.add(layer);
      layer.layersInside().forEach(inner -> collect(inner, seen, list));
    }
  }
}
