package sepal.benchmarks.onnxruntime;

import sepal.benchmarks.LayerData;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.Window;

/**
 * A separable convolution as an ONNX model: Conv with a group for each channel, Conv of 1 x 1 with
 * bias, Relu. Channels first, the only layout that ONNX knows.
 *
 * @see "onnx.proto3 of ONNX 1.16, for the numbers of the fields"
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private OnnxGraph() {}

  /** The model with input {@code x} and output {@code y}. */
  static byte[] of(LayerData data) {
    Workload workload = data.workload();
    Window window = workload.window();
    ConvGeometry geometry = data.geometry();
    int between = workload.between();
    int height = window.size().get(0);
    int width = window.size().get(1);

    ProtoWriter depthwise =
        node("Conv", "depthwise", "x", "dw")
            .add(5, ints("kernel_shape", height, width))
            .add(5, ints("strides", window.strides().toArray()))
            .add(5, ints("dilations", window.dilation().toArray()))
            .add(
                5,
                ints(
                    "pads",
                    data.padBefore(0),
                    data.padBefore(1),
                    data.padAfter(0),
                    data.padAfter(1)))
            .add(
                5,
                new ProtoWriter()
                    .add(1, "group")
                    .add(3, workload.channels())
                    .add(20, ATTRIBUTE_INT));
    ProtoWriter pointwise =
        node("Conv", "pointwise", "depthwise", "pw", "b").add(5, ints("kernel_shape", 1, 1));
    ProtoWriter graph =
        new ProtoWriter()
            .add(1, depthwise)
            .add(1, pointwise)
            .add(1, node("Relu", "y", "pointwise"))
            .add(2, "separable")
            .add(5, tensor("dw", data.depthwiseChannelsFirst(), between, 1, height, width))
            .add(5, tensor("pw", data.pointwiseChannelsFirst(), workload.filters(), between, 1, 1))
            .add(5, tensor("b", data.bias(), workload.filters()))
            .add(
                11,
                value("x", data.batch(), workload.channels(), workload.height(), workload.width()))
            .add(
                12,
                value(
                    "y",
                    data.batch(),
                    workload.filters(),
                    geometry.outputSize().get(0),
                    geometry.outputSize().get(1)));
    return new ProtoWriter()
        .add(1, 8) // the version of the format
        .add(7, graph)
        .add(8, new ProtoWriter().add(1, "").add(2, 13)) // of the operators
        .bytes();
  }

  private static ProtoWriter node(String type, String output, String... inputs) {
    ProtoWriter node = new ProtoWriter();
    for (String input : inputs) {
      node.add(1, input);
    }
    return node.add(2, output).add(3, output).add(4, type);
  }

  private static ProtoWriter ints(String name, int... values) {
    ProtoWriter attribute = new ProtoWriter().add(1, name);
    for (int value : values) {
      attribute.add(8, value);
    }
    return attribute.add(20, ATTRIBUTE_INTS);
  }

  private static ProtoWriter tensor(String name, float[] values, int... dims) {
    ProtoWriter tensor = new ProtoWriter();
    for (int dim : dims) {
      tensor.add(1, dim);
    }
    return tensor.add(2, FLOAT).add(8, name).add(9, values);
  }

  private static ProtoWriter value(String name, int... dims) {
    ProtoWriter shape = new ProtoWriter();
    for (int dim : dims) {
      shape.add(1, new ProtoWriter().add(1, dim));
    }
    ProtoWriter tensor = new ProtoWriter().add(1, FLOAT).add(2, shape);
    return new ProtoWriter().add(1, name).add(2, new ProtoWriter().add(1, tensor));
  }
}
