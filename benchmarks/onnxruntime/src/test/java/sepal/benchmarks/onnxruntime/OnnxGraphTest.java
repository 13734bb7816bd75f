package sepal.benchmarks.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.ModelData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.layers.Activation;
import sepal.layers.Add;
import sepal.layers.AveragePooling2D;
import sepal.layers.BatchNormalization;
import sepal.layers.Conv2D;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.MaxPooling2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.UpSampling2D;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class OnnxGraphTest {
  @Test
  void every_layer_gives_what_it_gives_here() throws Exception {
    KerasTensor image = Input.of(13, 10, 3);
    KerasTensor x =
        new Conv2D(5, 3, o -> o.strides(2).padding("same").activation("relu")).apply(image);
    x = new BatchNormalization(o -> o.epsilon(0.1)).apply(x);
    KerasTensor y =
        new SeparableConv2D(
                7, 3, o -> o.padding("same").dilationRate(2).depthMultiplier(2).useBias(false))
            .apply(x);
    y = new MaxPooling2D(3, o -> o.strides(2).padding("same")).apply(y);
    KerasTensor z = new Conv2D(7, 1).apply(x);
    z = new AveragePooling2D(2, o -> o.padding("same")).apply(z);
    y = new Activation("relu").apply(new Add().apply(y, z));
    y = new GlobalAveragePooling2D().apply(y);
    y = new Dense(4, o -> o.activation("softmax")).apply(y);

    assertSame(new Functional(image, y));
  }

  @Test
  void images_come_back_with_their_channels_last() throws Exception {
    KerasTensor image = Input.of(4, 5, 3);

    assertSame(new Functional(image, new Conv2D(2, 3).apply(image)));
  }

  private static void assertSame(Model model) throws Exception {
    Random random = new Random(1);
    model.weights().forEach(weight -> weight.assign(values(weight.shape(), random, 0.2)));
    ModelData data = new ModelData(model, values(model.inputShape().with(0, 2), random, -1));
    try (Peer.Prepared onnx = new OnnxRuntimePeer().prepare(data, 1).get(0)) {
      onnx.run();
      assertThat(onnx.output()).containsExactly(model.predict(data.x()).floats(), within(1e-5f));
    }
  }

  /** From {@code low} to {@code low + 1}. */
  private static Tensor values(Shape shape, Random random, double low) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + random.nextDouble());
    }
    return Tensor.wrap(values, shape);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "same 9 7 5 6 3x3 1x1 1x1 1 same",
        "strided 10 8 3 20 3x3 2x2 1x1 2 same",
        "dilated 9 9 4 3 3x5 1x1 2x1 1 valid"
      })
  void a_layer_alone_has_its_weights_and_relu(String line) throws Exception {
    LayerData layer = LayerData.of(Workload.parse("test", line).get(0), 2);
    ModelData data = ModelData.of(layer);
    try (Peer.Prepared onnx = new OnnxRuntimePeer().prepare(layer, 1).get(0)) {
      onnx.run();
      float[] y = onnx.output();
      assertThat(y).containsExactly(data.model().predict(data.x()).floats(), within(1e-5f));
      assertThat(y).contains(0);
    }
  }

  @Test
  void what_it_does_not_know_is_refused() {
    refused(new UpSampling2D(o -> o.name("up")), "UpSampling2D \"up\"");
    refused(new Conv2D(4, 3, o -> o.groups(2).name("two")), "Conv2D \"two\"");
    refused(new Conv2D(4, 3, o -> o.dataFormat("channels_first").name("c")), "Conv2D \"c\"");
    refused(new Activation("tanh", o -> o.name("t")), "Activation \"t\"");
    refused(new BatchNormalization(o -> o.axis(1).name("b")), "BatchNormalization \"b\"");
  }

  private static void refused(Layer layer, String name) {
    KerasTensor x = Input.of(4, 4, 4);
    assertThatThrownBy(() -> OnnxGraph.of(new Functional(x, layer.apply(x)), 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(name + " has no counterpart here");
  }
}
