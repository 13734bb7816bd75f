package sepal.benchmarks.onnxruntime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.benchmarks.LayerData;
import sepal.layers.Add;
import sepal.layers.AveragePooling2D;
import sepal.layers.BatchNormalization;
import sepal.layers.Conv2D;
import sepal.layers.ConvConfig;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.MaxPooling2D;
import sepal.layers.Node;
import sepal.layers.PoolingConfig;
import sepal.layers.SeparableConv2D;
import sepal.layers.SeparableConvConfig;
import sepal.models.Model;
import sepal.ops.Ops;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/**
 * A model of layers with channels last as an ONNX model with channels first, the only layout that
 * ONNX knows. A separable convolution becomes a Conv with a group for each channel and one of 1 x
 * 1.
 *
 * @see "onnx.proto3 of ONNX 1.16, for the numbers of the fields"
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private final ProtoWriter graph = new ProtoWriter();
  private final Map<KerasTensor, String> names = new HashMap<>();
  private int count;

  private OnnxGraph() {}

  /**
   * The model, of one input {@code x} and one output, for {@code batch} samples.
   *
   * @throws UnsupportedOperationException if it has a layer or an argument that is not known here
   */
  static byte[] of(Model model, int batch) {
    OnnxGraph onnx = new OnnxGraph();
    onnx.names.put(model.input(), "x");
    String y = onnx.name(model.output());
    onnx.graph
        .add(2, "model")
        .add(11, value("x", channelsFirst(model.inputShape().with(0, batch))))
        .add(12, value(y, channelsFirst(model.outputShape().with(0, batch))));
    return new ProtoWriter()
        .add(1, 8) // the version of the format
        .add(7, onnx.graph)
        .add(8, new ProtoWriter().add(1, "").add(2, 13)) // of the operators
        .bytes();
  }

  /** The shape of an image with its channels first; any other shape as it is. */
  static Shape channelsFirst(Shape shape) {
    return shape.rank() == 4
        ? Shape.of(shape.get(0), shape.get(3), shape.get(1), shape.get(2))
        : shape;
  }

  // ---- layers

  /** The name of a tensor; all that computes it is in the graph then. */
  private String name(KerasTensor tensor) {
    String known = names.get(tensor);
    if (known == null) {
      known = call(tensor.node());
      names.put(tensor, known);
    }
    return known;
  }

  private String call(Node node) {
    Layer layer = node.layer();
    List<String> inputs = node.inputs().stream().map(this::name).toList();
    Shape shape = node.inputs().get(0).shape();
    if (layer instanceof SeparableConv2D separable) {
      return separableConv(separable, inputs, shape);
    } else if (layer instanceof Conv2D conv) {
      return conv(conv, inputs, shape);
    } else if (layer instanceof Dense dense) {
      demand(shape.rank() == 2, dense);
      String y = emit(node("Gemm", inputs, dense.getWeights()));
      return activation(dense.config().activation(), y, dense);
    } else if (layer instanceof BatchNormalization normalization) {
      return batchNormalization(normalization, inputs, shape);
    } else if (layer instanceof sepal.layers.Activation activation) {
      return activation(activation.config().activation(), inputs.get(0), activation);
    } else if (layer instanceof MaxPooling2D pooling) {
      return pool("MaxPool", pooling.config(), inputs, node);
    } else if (layer instanceof AveragePooling2D pooling) {
      return pool("AveragePool", pooling.config(), inputs, node);
    } else if (layer instanceof GlobalAveragePooling2D pooling) {
      demand(pooling.config().dataFormat() == DataFormat.CHANNELS_LAST, pooling);
      demand(!pooling.config().keepdims(), pooling);
      String y = emit(node("GlobalAveragePool", inputs, List.of()));
      return emit(node("Flatten", List.of(y), List.of()));
    }
    demand(layer instanceof Add && inputs.size() == 2, layer);
    return emit(node("Add", inputs, List.of()));
  }

  private static void demand(boolean known, Layer layer) {
    if (!known) {
      throw new UnsupportedOperationException(layer + " has no counterpart here");
    }
  }

  private String separableConv(SeparableConv2D layer, List<String> inputs, Shape shape) {
    SeparableConvConfig config = layer.config();
    List<Tensor> weights = new ArrayList<>(layer.getWeights());
    Tensor depthwise = Ops.transpose(weights.remove(0), 2, 3, 0, 1); // (c, multiplier, kh, kw)
    int channels = depthwise.shape().get(0);
    Shape grouped =
        Shape.of(channels * config.depthMultiplier(), 1).concat(config.kernelSize().toArray());
    List<Tensor> kernel = List.of(Ops.reshape(depthwise, grouped));
    ProtoWriter first =
        window(node("Conv", inputs, kernel), config.window(), config.dataFormat(), shape, layer)
            .add(5, ints("dilations", config.dilationRate()))
            .add(5, new ProtoWriter().add(1, "group").add(3, channels).add(20, ATTRIBUTE_INT));
    weights.set(0, Ops.transpose(weights.get(0), 3, 2, 0, 1));
    ProtoWriter second =
        node("Conv", List.of(emit(first)), weights).add(5, ints("kernel_shape", Dims.of(1, 1)));
    return activation(config.activation(), emit(second), layer);
  }

  private String conv(Conv2D layer, List<String> inputs, Shape shape) {
    ConvConfig config = layer.config();
    demand(config.groups() == 1, layer);
    List<Tensor> weights = new ArrayList<>(layer.getWeights());
    weights.set(0, Ops.transpose(weights.get(0), 3, 2, 0, 1));
    ProtoWriter node =
        window(node("Conv", inputs, weights), config.window(), config.dataFormat(), shape, layer)
            .add(5, ints("dilations", config.dilationRate()));
    return activation(config.activation(), emit(node), layer);
  }

  private String pool(String type, PoolingConfig config, List<String> inputs, Node call) {
    Shape shape = call.inputs().get(0).shape();
    ProtoWriter node = node(type, inputs, List.of());
    return emit(window(node, config.window(), config.dataFormat(), shape, call.layer()));
  }

  private String batchNormalization(BatchNormalization layer, List<String> inputs, Shape shape) {
    BatchNormalization.Config config = layer.config();
    demand(config.axis() == -1 || config.axis() == shape.rank() - 1, layer);
    demand(config.scale() && config.center(), layer);
    ProtoWriter epsilon =
        new ProtoWriter()
            .add(1, "epsilon")
            .add(2, (float) config.epsilon())
            .add(20, ATTRIBUTE_FLOAT);
    return emit(node("BatchNormalization", inputs, layer.getWeights()).add(5, epsilon));
  }

  private String activation(Activation function, String x, Layer layer) {
    if (function.equals(Activations.LINEAR)) {
      return x;
    } else if (function.equals(Activations.RELU)) {
      return emit(node("Relu", List.of(x), List.of()));
    }
    demand(function.equals(Activations.SOFTMAX) && layer.output().shape().rank() == 2, layer);
    return emit(node("Softmax", List.of(x), List.of()));
  }

  // ---- messages

  /** Adds a node whose output has the name that is returned. */
  private String emit(ProtoWriter node) {
    String output = "t" + count++;
    graph.add(1, node.add(2, output));
    return output;
  }

  private ProtoWriter node(String type, List<String> inputs, List<Tensor> weights) {
    ProtoWriter node = new ProtoWriter().add(4, type);
    inputs.forEach(input -> node.add(1, input));
    for (Tensor weight : weights) {
      String name = "w" + count++;
      graph.add(5, tensor(name, weight));
      node.add(1, name);
    }
    return node;
  }

  private static ProtoWriter window(
      ProtoWriter node, Window window, DataFormat dataFormat, Shape input, Layer layer) {
    demand(dataFormat == DataFormat.CHANNELS_LAST, layer);
    ConvGeometry geometry = ConvGeometry.of(layer.name(), input, window, dataFormat, 1);
    Dims before = geometry.padBefore();
    Dims pads =
        Dims.of(
            before.get(0),
            before.get(1),
            LayerData.padAfter(geometry, 0),
            LayerData.padAfter(geometry, 1));
    return node.add(5, ints("kernel_shape", window.size()))
        .add(5, ints("strides", window.strides()))
        .add(5, ints("pads", pads));
  }

  private static ProtoWriter ints(String name, Dims values) {
    ProtoWriter attribute = new ProtoWriter().add(1, name);
    for (int value : values.toArray()) {
      attribute.add(8, value);
    }
    return attribute.add(20, ATTRIBUTE_INTS);
  }

  private static ProtoWriter tensor(String name, Tensor values) {
    ProtoWriter tensor = new ProtoWriter();
    for (int size : values.shape().toArray()) {
      tensor.add(1, size);
    }
    return tensor.add(2, FLOAT).add(8, name).add(9, values.floats());
  }

  private static ProtoWriter value(String name, Shape shape) {
    ProtoWriter sizes = new ProtoWriter();
    for (int size : shape.toArray()) {
      sizes.add(1, new ProtoWriter().add(1, size));
    }
    ProtoWriter tensor = new ProtoWriter().add(1, FLOAT).add(2, sizes);
    return new ProtoWriter().add(1, name).add(2, new ProtoWriter().add(1, tensor));
  }
}
