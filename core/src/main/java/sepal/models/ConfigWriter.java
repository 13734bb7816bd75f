package sepal.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Node;
import sepal.shape.Shape;

/**
 * Models as Keras 3 writes them down, key for key.
 *
 * @see "Keras 3.16, keras.src.saving.serialization_lib"
 */
final class ConfigWriter {
  /** Keras marks these as built when they are made, and then writes no {@code build_config}. */
  private static final Set<String> BUILT_WHEN_MADE =
      Set.of(
          "Activation",
          "ActivityRegularization",
          "AlphaDropout",
          "AveragePooling1D",
          "AveragePooling2D",
          "AveragePooling3D",
          "Dropout",
          "ELU",
          "GaussianDropout",
          "GaussianNoise",
          "GlobalAveragePooling1D",
          "GlobalAveragePooling2D",
          "GlobalAveragePooling3D",
          "GlobalMaxPooling1D",
          "GlobalMaxPooling2D",
          "GlobalMaxPooling3D",
          "Identity",
          "InputLayer",
          "LeakyReLU",
          "Masking",
          "MaxPooling1D",
          "MaxPooling2D",
          "MaxPooling3D",
          "ReLU",
          "Reshape",
          "Softmax",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "SpatialDropout3D",
          "UnitNormalization");

  /** Beside models, these take a mask in Keras, and calls of them say so. */
  private static final Set<String> TAKES_MASK =
      Set.of(
          "Bidirectional",
          "BatchNormalization",
          "ConvLSTM1D",
          "ConvLSTM2D",
          "ConvLSTM3D",
          "GlobalAveragePooling1D",
          "Softmax",
          "TimeDistributed");

  private ConfigWriter() {}

  static boolean isBuiltWhenMade(Layer layer) {
    return BUILT_WHEN_MADE.contains(layer.className());
  }

  static Map<String, @Nullable Object> serialize(Layer layer) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("module", layer.module());
    map.put("class_name", layer.className());
    map.put("config", layer.getConfig());
    boolean isPublic = layer.module() != null && !(layer instanceof Functional);
    map.put("registered_name", isPublic ? null : layer.className());
    Map<String, @Nullable Object> buildConfig =
        layer instanceof Model model ? model.buildConfig() : buildConfig(layer);
    if (buildConfig != null) {
      map.put("build_config", buildConfig);
    }
    if (layer instanceof Model model) {
      map.put("compile_config", model.compileConfig());
    }
    return map;
  }

  private static @Nullable Map<String, @Nullable Object> buildConfig(Layer layer) {
    List<Node> calls = layer.inboundNodes();
    if (calls.isEmpty() || isBuiltWhenMade(layer)) {
      return null;
    }
    List<List<@Nullable Integer>> shapes =
        calls.get(0).inputs().stream().map(input -> input.shape().toList()).toList();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("input_shape", shapes.size() == 1 ? shapes.get(0) : shapes);
    return map;
  }

  static Map<String, @Nullable Object> config(Sequential model) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", model.name());
    map.put("trainable", model.isTrainable());
    map.put("dtype", policy(model));
    map.put("layers", model.allLayers().stream().map(ConfigWriter::serialize).toList());
    Shape shape = model.builtShape();
    if (shape != null) {
      map.put("build_input_shape", shape.toList());
    }
    return map;
  }

  private static Map<String, @Nullable Object> policy(Layer layer) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("module", "keras");
    map.put("class_name", "DTypePolicy");
    map.put("config", Map.of("name", layer.config().dtype().name()));
    map.put("registered_name", null);
    return map;
  }

  static Map<String, @Nullable Object> config(Functional model) {
    Map<Node, Integer> indices = new HashMap<>(); // among the calls that belong to this model
    for (Layer layer : model.layers()) {
      int index = 0;
      for (Node node : layer.inboundNodes()) {
        if (model.calls().contains(node)) {
          indices.put(node, index++);
        }
      }
    }
    List<Map<String, @Nullable Object>> layers = new ArrayList<>();
    for (Layer layer : model.layers()) {
      List<Map<String, @Nullable Object>> calls = new ArrayList<>();
      for (Node node : layer.inboundNodes()) {
        if (indices.containsKey(node) && !node.inputs().isEmpty()) {
          calls.add(call(node, indices));
        }
      }
      Map<String, @Nullable Object> map = serialize(layer);
      map.put("name", layer.name());
      map.put("inbound_nodes", calls);
      layers.add(map);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", model.name());
    map.put("trainable", model.isTrainable());
    map.put("layers", layers);
    map.put("input_layers", model.inputStructure().map(tensor -> end(tensor, indices)));
    map.put("output_layers", model.outputStructure().map(tensor -> end(tensor, indices)));
    return map;
  }

  private static Map<String, @Nullable Object> call(Node node, Map<Node, Integer> indices) {
    List<Object> tensors = new ArrayList<>();
    node.inputs().forEach(tensor -> tensors.add(tensor(tensor, indices)));
    Layer layer = node.layer();
    Object argument = tensors.size() == 1 ? tensors.get(0) : tensors;
    if (layer instanceof Functional model) {
      Object packed = model.inputStructure().pack(tensors);
      argument = packed instanceof List<?> list && list.size() == 1 ? tensors.get(0) : packed;
    }
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    if (layer instanceof Model || TAKES_MASK.contains(layer.className())) {
      options.put("mask", tensors.size() == 1 ? null : Collections.nCopies(tensors.size(), null));
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("args", List.of(argument));
    map.put("kwargs", options);
    return map;
  }

  private static Map<String, @Nullable Object> tensor(
      KerasTensor tensor, Map<Node, Integer> indices) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("shape", tensor.shape().toList());
    config.put("dtype", tensor.dtype().toString());
    config.put(
        "keras_history",
        List.of(tensor.node().layer().name(), indexOf(tensor, indices), tensor.tensorIndex()));
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("class_name", "__keras_tensor__");
    map.put("config", config);
    return map;
  }

  /** An input or output of the model; Keras counts calls of functional models from 1 here. */
  private static List<Object> end(KerasTensor tensor, Map<Node, Integer> indices) {
    Layer layer = tensor.node().layer();
    int first = layer instanceof Functional ? 1 : 0;
    return List.of(layer.name(), first + indexOf(tensor, indices), tensor.tensorIndex());
  }

  private static int indexOf(KerasTensor tensor, Map<Node, Integer> indices) {
    return indices.getOrDefault(tensor.node(), 0);
  }
}
