package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sepal.check.InvalidArgument;
import sepal.models.Sequential;
import sepal.ops.Ops;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

/** Convolutions of one spatial axis, held against those of two. */
class Conv1DTest {
  private static final long SEED = 11;

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void kernels_have_one_spatial_axis() {
    Conv1D conv = new Conv1D(6, 5, o -> o.groups(2).name("stem"));
    DepthwiseConv1D depthwise = new DepthwiseConv1D(3, o -> o.depthMultiplier(2));
    SeparableConv1D separable = new SeparableConv1D(8, 3, o -> o.depthMultiplier(2));
    for (Layer layer : List.of(conv, depthwise, separable)) {
      layer.build(Shape.of(-1, 9, 4));
    }

    assertThat(conv.weights())
        .extracting(Object::toString)
        .containsExactly("Weight(stem/kernel, float32(5, 2, 6))", "Weight(stem/bias, float32(6,))");
    assertThat(depthwise.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(depthwise_conv1d/kernel, float32(3, 4, 2))",
            "Weight(depthwise_conv1d/bias, float32(8,))");
    assertThat(separable.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(separable_conv1d/depthwise_kernel, float32(3, 4, 2))",
            "Weight(separable_conv1d/pointwise_kernel, float32(1, 8, 8))",
            "Weight(separable_conv1d/bias, float32(8,))");
  }

  /** What a layer of one spatial axis is told, beside its class. */
  private record Case(String className, Map<String, Object> config, int pad) {
    @Override
    public String toString() {
      return className + config;
    }
  }

  private static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String kind : List.of("Conv", "DepthwiseConv", "SeparableConv")) {
      for (String format : List.of("channels_last", "channels_first")) {
        for (int[] steps : new int[][] {{1, 1}, {2, 1}, {1, 3}}) {
          for (String padding : List.of("valid", "same", "causal")) {
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("kernel_size", 3);
            config.put("strides", steps[0]);
            config.put("dilation_rate", steps[1]);
            config.put("padding", padding);
            config.put("data_format", format);
            config.put("bias_initializer", "ones");
            if (!kind.startsWith("Depthwise")) {
              config.put("filters", 6);
            }
            if (!kind.equals("Conv")) {
              config.put("depth_multiplier", 2);
            }
            if (!kind.startsWith("Depthwise") || !padding.equals("causal")) {
              int pad = padding.equals("causal") ? 2 * steps[1] : 0;
              cases.add(new Case(kind, config, pad));
            }
          }
        }
      }
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> outputs_and_gradients_are_those_of_images_with_a_height_of_one() {
    return cases()
        .flatMap(
            c ->
                Stream.of(DType.FLOAT32, DType.FLOAT64)
                    .map(dtype -> DynamicTest.dynamicTest(c + " " + dtype, () -> check(c, dtype))));
  }

  private static void check(Case c, DType dtype) {
    boolean last = c.config.get("data_format").equals("channels_last");
    Layer layer = layer(c.className + "1D", c.config, dtype);
    Map<String, Object> planar = new LinkedHashMap<>(c.config);
    planar.put("kernel_size", List.of(1, 3));
    planar.put("dilation_rate", List.of(1, c.config.get("dilation_rate")));
    if (c.pad > 0) {
      planar.put("padding", "valid");
    }
    Layer reference = layer(c.className + "2D", planar, dtype);
    Tensor x = Gradients.random(last ? Shape.of(2, 11, 4) : Shape.of(2, 4, 11), SEED, -1, 1);
    Tensor image = last ? x.reshape(Shape.of(2, 1, 11, 4)) : x.reshape(Shape.of(2, 4, 1, 11));
    Layer zeros =
        new ZeroPadding2D(
            o ->
                o.padding(0, 0, c.pad, 0)
                    .dtype(dtype)
                    .dataFormat(last ? "channels_last" : "channels_first"));
    layer.build(x.shape());
    reference.build(zeros.computeOutputShape(image.shape()));
    for (int i = 0; i < layer.weights().size(); i++) {
      Shape shape = layer.weights().get(i).shape();
      Tensor value = Gradients.random(shape, SEED + i, -1, 1).cast(dtype);
      layer.weights().get(i).assign(value);
      reference.weights().get(i).assign(value.reshape(reference.weights().get(i).shape()));
    }

    try (Tape tape = new Tape()) {
      Tensor x1 = x.cast(dtype);
      Tensor x2 = image.cast(dtype);
      List<Tensor> watched = new ArrayList<>(List.of(x1, x2));
      layer.weights().forEach(weight -> watched.add(weight.value()));
      reference.weights().forEach(weight -> watched.add(weight.value()));
      watched.forEach(tape::watch);
      Tensor y1 = layer.apply(x1);
      Tensor y2 = reference.apply(zeros.apply(x2));
      assertThat(y1.shape()).isEqualTo(layer.computeOutputShape(x.shape()));
      assertThat(y1.toDoubleArray()).containsExactly(y2.toDoubleArray());
      Tensor upstream = Gradients.random(y1.shape(), SEED - 1, -1, 1).cast(dtype);
      List<Tensor> g1 = tape.gradient(y1, upstream, watched);
      List<Tensor> g2 = tape.gradient(y2, upstream.reshape(y2.shape()), watched);
      assertSame(g1.get(0), g2.get(1));
      int weights = layer.weights().size();
      for (int i = 0; i < weights; i++) {
        assertSame(g1.get(2 + i), g2.get(2 + weights + i));
      }
    }
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    double[] wanted = expected.toDoubleArray();
    for (int i = 0; i < wanted.length; i++) {
      // Zeros that are there and zeros that are not may be summed in another order.
      assertThat(actual.get(i)).isCloseTo(wanted[i], within(1e-5));
    }
    assertThat(actual.size()).isEqualTo(wanted.length);
  }

  private static Layer layer(String className, Map<String, Object> config, DType dtype) {
    Map<String, Object> all = new LinkedHashMap<>(config);
    all.put("dtype", dtype.toString());
    return Layers.fromConfig("test", className, all);
  }

  @Test
  void causal_outputs_see_no_later_input() {
    Tensor x = Gradients.random(Shape.of(1, 9, 2), SEED, -1, 1).cast(DType.FLOAT32);
    float[] changed = x.toFloatArray();
    for (int i = 5 * 2; i < changed.length; i++) {
      changed[i] += 1;
    }
    for (Layer layer :
        List.of(
            new Conv1D(3, 3, o -> o.padding("CAUSAL").dilationRate(2)),
            new SeparableConv1D(3, 4, o -> o.padding(Padding.CAUSAL)))) {
      float[] before = layer.apply(x).toFloatArray();
      float[] after = layer.apply(Tensor.of(changed, 1, 9, 2)).toFloatArray();

      assertThat(before).hasSize(9 * 3);
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i] == before[i]).as("output %d of %s", i, layer).isEqualTo(i < 5 * 3);
      }
    }
  }

  @Test
  void only_layers_in_time_know_causal_padding() {
    assertThatThrownBy(() -> new DepthwiseConv1D(3, o -> o.padding("causal").name("d")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            DepthwiseConv1D "d": unknown padding
              got:      padding="causal"
              expected: "valid" or "same", in any letter case""");
    assertThatThrownBy(() -> new Conv2D(4, 3, o -> o.padding(Padding.CAUSAL)))
        .hasMessage(
            """
            Conv2D: unknown padding
              got:      padding="causal"
              expected: "valid" or "same", in any letter case""");
    assertThatThrownBy(() -> new Conv1D(4, 3, o -> o.padding("casual")))
        .hasMessage(
            """
            Conv1D: unknown padding
              got:      padding="casual" (did you mean "causal"?)
              expected: "valid", "same" or "causal", in any letter case""");
    assertThatThrownBy(
            () ->
                Layers.fromConfig(
                    "file", "Conv1D", Map.of("filters", 1, "kernel_size", 1, "padding", 7)))
        .hasMessageContaining("expected: \"valid\", \"same\" or \"causal\"");
  }

  @Test
  void a_size_is_one_number_or_a_list_of_one() {
    for (Object size : List.of(3, List.of(3))) {
      Layer layer = Layers.fromConfig("t", "Conv1D", Map.of("filters", 2, "kernel_size", size));
      assertThat(layer.getConfig())
          .containsEntry("kernel_size", List.of(3))
          .containsEntry("strides", List.of(1))
          .containsEntry("dilation_rate", List.of(1))
          .containsEntry("groups", 1);
    }
    assertThatThrownBy(() -> new Conv1D(4, 3, o -> o.strides(1, 2)))
        .hasMessage(
            """
            Conv1D: strides must be a positive integer
              got:      strides=(1, 2)
              expected: 1 or more""");
    assertThatThrownBy(() -> new SeparableConv1D(4, 0))
        .hasMessage(
            """
            SeparableConv1D: kernelSize must be a positive integer
              got:      kernelSize=(0,)
              expected: 1 or more""");
  }

  @Test
  void unknown_steps_stay_unknown() {
    Conv1D conv = new Conv1D(4, 3, o -> o.padding("causal").dataFormat("channels_first"));

    assertThat(conv.computeOutputShape(Shape.of(-1, 3, -1))).isEqualTo(Shape.of(-1, 4, -1));
    assertThat(new Conv1D(4, 3).computeOutputShape(Shape.of(-1, 7, 2)))
        .isEqualTo(Shape.of(-1, 5, 4));
  }

  @Test
  void inputs_that_do_not_fit_are_refused() {
    Conv1D layer = new Conv1D(4, 3, o -> o.name("c").dataFormat("channels_first"));

    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 8, 8, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Conv1D "c": wrong rank of the input
              got:      4   (input (1, 8, 8, 3))
              expected: 3   (batch, channels, steps)""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 3, 2)))
        .hasMessage(
            """
            Conv1D "c": the input is smaller than the window, so the output would be empty
              got:      input (1, 3, 2), channels_first
              expected: spatial sizes of at least (3,)   (window (3,), dilation (1,))
              fix:      feed a larger input, or use padding "same\"""");
    assertThatThrownBy(() -> layer.convolutionOp(Tensor.zeros(1, 3, 8), Tensor.zeros(2, 2, 3, 4)))
        .hasMessageContaining("expected: kernel (steps, channels / groups, filters)");
    assertThat(layer.convolutionOp(Tensor.zeros(1, 3, 8), Tensor.zeros(2, 3, 5)).shape())
        .isEqualTo(Shape.of(1, 5, 7));
  }

  @Test
  void layers_along_one_axis_learn_together() {
    Sequential model =
        new Sequential(
            new ZeroPadding1D(o -> o.inputShape(8, 2)),
            new Conv1D(6, 3, o -> o.padding("causal").activation("relu").name("conv")),
            new MaxPooling1D(2),
            new Conv1DTranspose(6, 3, o -> o.strides(2).padding("same").activation("relu")),
            new SeparableConv1D(6, 3, o -> o.padding("causal").activation("relu")),
            new UpSampling1D(2),
            new Cropping1D(1),
            new AveragePooling1D(2),
            new DepthwiseConv1D(3),
            new GlobalAveragePooling1D(),
            new Dense(1));
    Tensor x = Gradients.random(Shape.of(32, 8, 2), SEED, -1, 1).cast(DType.FLOAT32);
    Tensor y = Ops.mean(x, 1, 2).reshape(Shape.of(32, 1));
    for (int i = 0; i < model.weights().size(); i++) {
      Shape shape = model.weights().get(i).shape();
      Tensor value = Gradients.random(shape, SEED + i, -0.5, 0.5);
      model.weights().get(i).assign(value.cast(DType.FLOAT32));
    }
    List<Tensor> before = model.getWeights();
    model.compile("adam", "mean_squared_error");

    List<Double> losses =
        model.fit(x, y, o -> o.epochs(60).batchSize(32).shuffle(false)).get("loss");

    assertThat(losses.get(59)).as("loss, seed %d", SEED).isLessThan(losses.get(0) / 4);
    for (int i = 0; i < before.size(); i++) {
      assertThat(model.getWeights().get(i).toFloatArray())
          .as(model.weights().get(i).path())
          .isNotEqualTo(before.get(i).toFloatArray());
    }
  }
}
