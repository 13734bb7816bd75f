package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.check.InvalidArgument;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class SeparableConv2DTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  /** Integers all the way: the sums were computed by hand of the definition. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, valid, 3, 3, -395 -210 627 -379 -282 691, 558",
    "2, 2, 1, 1, same, 2, 2, -395 -210 627 -363 -354 755, 248",
    "2, 1, 1, 2, same, 2, 4, -317 -144 471 -435 -246 707, 376",
    "2, 2, 2, 2, same, 2, 2, -787 -390 1219 -45 -212 287, 146",
    "1, 1, 2, 2, valid, 2, 2, -787 -390 1219 -771 -462 1283, 248"
  })
  void strides_dilation_and_padding_follow_the_definition(
      int strideY,
      int strideX,
      int dilationY,
      int dilationX,
      String padding,
      int height,
      int width,
      String first,
      double sum) {
    for (String dtype : List.of("float32", "float64")) {
      SeparableConv2D layer =
          new SeparableConv2D(
              3,
              2,
              o ->
                  o.strides(strideY, strideX)
                      .dilationRate(dilationY, dilationX)
                      .padding(padding)
                      .depthMultiplier(2)
                      .allowStridedDilation()
                      .dtype(dtype));
      layer.build(Shape.of(1, 4, 4, 2));
      layer.setWeights(
          List.of(
              values(i -> i - 7, 2, 2, 2, 2),
              values(i -> 5 * i % 7 - 3, 1, 1, 4, 3),
              Tensor.of(new float[] {1, -2, 3}, 3)));

      Tensor y = layer.apply(values(i -> i, 1, 4, 4, 2));

      assertThat(y.shape()).isEqualTo(Shape.of(1, height, width, 3));
      assertThat(y.dtype()).hasToString(dtype);
      double[] numbers = y.toDoubleArray();
      String start =
          IntStream.range(0, 6)
              .mapToObj(i -> Integer.toString((int) numbers[i]))
              .reduce((a, b) -> a + " " + b)
              .orElseThrow();
      assertThat(start).isEqualTo(first);
      assertThat(IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).sum())
          .isEqualTo(sum);
    }
  }

  private interface Value {
    int at(int index);
  }

  private static Tensor values(Value value, int... shape) {
    float[] data = new float[Shape.of(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = value.at(i);
    }
    return Tensor.of(data, shape);
  }

  @Test
  void float64_computes_in_double() {
    SeparableConv2D layer =
        new SeparableConv2D(
            1,
            1,
            o -> o.dtype("float64").depthwiseInitializer("ones").pointwiseInitializer("ones"));

    double[] y = layer.apply(Tensor.of(new double[] {1, 1e-12}, 1, 1, 1, 2)).doubles();

    assertThat(y[0]).isEqualTo(1 + 1e-12);
    assertThat(layer.weights()).allMatch(weight -> weight.dtype() == DType.FLOAT64);
  }

  @Test
  void every_activation_comes_last_and_softmax_runs_along_the_last_axis() {
    long seed = 7;
    for (String format : List.of("channels_last", "channels_first")) {
      Tensor x = random(seed, 2, 3, 4, 5);
      Tensor plain = fixed(format, o -> {}).apply(x);
      Tensor soft = fixed(format, o -> o.activation("softmax")).apply(x);
      double sum = 0;
      int last = plain.shape().get(-1);
      for (int i = 0; i < last; i++) {
        sum += Math.exp(plain.get(i));
      }
      for (int i = 0; i < last; i++) {
        assertThat(soft.get(i))
            .as("seed %d", seed)
            .isCloseTo(Math.exp(plain.get(i)) / sum, within(1e-5));
      }
    }
  }

  private static SeparableConv2D fixed(String format, Consumer<SeparableConv2D.Options> more) {
    Tensor ramp = Tensor.of(new float[] {0.5f, -1, 0.25f, 1, 2, -0.5f, 1, 0.125f, 0.75f}, 9);
    return new SeparableConv2D(
        2,
        1,
        o -> {
          o.dataFormat(format);
          o.depthwiseInitializer("ones");
          o.pointwiseInitializer(
              (sepal.initializers.Initializer)
                  (shape, dtype) ->
                      Tensor.of(
                          java.util.Arrays.copyOf(ramp.floats(), shape.size()), shape.toArray()));
          more.accept(o);
        });
  }

  private static Tensor random(long seed, int... shape) {
    Random random = new Random(seed);
    float[] data = new float[Shape.of(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return Tensor.of(data, shape);
  }

  @Test
  void a_null_initializer_means_what_the_documents_say_and_stays_null() {
    SeparableConv2D layer =
        new SeparableConv2D(2, 1, o -> o.biasInitializer(null).depthwiseInitializer(null));
    layer.build(Shape.of(1, 2, 2, 2));

    assertThat(layer.weights().get(2).value().toFloatArray()).containsOnly(0);
    assertThat(layer.weights().get(0).value().toFloatArray()).doesNotContain(0);
    assertThat(layer.getConfig())
        .containsEntry("bias_initializer", null)
        .containsEntry("depthwise_initializer", null);
  }

  @Test
  void a_convolution_with_any_kernel_moves_as_the_layer_does() {
    SeparableConv2D layer =
        new SeparableConv2D(9, 5, o -> o.strides(2).padding("same").activation("relu"));
    Tensor kernel = values(i -> i - 3, 1, 1, 2, 3);

    Tensor y = layer.convolutionOp(values(i -> i, 1, 2, 3, 2), kernel);

    assertThat(y.shape()).isEqualTo(Shape.of(1, 1, 2, 3));
    assertThat(y.toFloatArray()).containsExactly(0, 1, 2, -12, -3, 6);
    assertThat(layer.isBuilt()).isFalse();
    Tensor groups = layer.convolutionOp(values(i -> 1, 1, 1, 1, 4), values(i -> i, 1, 1, 2, 2));
    assertThat(groups.toFloatArray()).containsExactly(2, 4);
  }

  @Test
  void a_kernel_that_does_not_fit_is_refused() {
    SeparableConv2D layer = new SeparableConv2D(9, 5, o -> o.name("sep"));

    assertThatThrownBy(
            () -> layer.convolutionOp(Tensor.zeros(1, 8, 8, 3), Tensor.zeros(3, 3, 2, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            SeparableConv2D "sep": the kernel does not fit the inputs
              got:      kernel (3, 3, 2, 4), input (1, 8, 8, 3), channels_last
              expected: kernel (height, width, channels / groups, filters)""");
  }

  @Test
  void unknown_sizes_stay_unknown() {
    SeparableConv2D layer = new SeparableConv2D(4, Dims.of(3, 5), o -> o.strides(2));

    assertThat(layer.computeOutputShape(Shape.of(-1, -1, 15, 3))).isEqualTo(Shape.of(-1, -1, 6, 4));
    assertThat(layer.isBuilt()).isFalse();
    assertThat(layer.apply(Input.of(-1, -1, 3)).shape()).isEqualTo(Shape.of(-1, -1, -1, 4));
    assertThat(layer.apply(Tensor.zeros(0, 9, 9, 3)).shape()).isEqualTo(Shape.of(0, 4, 3, 4));
  }

  @Test
  void an_activity_regularizer_is_kept_and_written_after_the_dtype() {
    SeparableConv2D layer = new SeparableConv2D(4, 3, o -> o.activityRegularizer("l2"));
    Dense dense = new Dense(4, o -> o.activityRegularizer("l2"));

    for (Layer each : List.of(layer, dense)) {
      assertThat(each.activityRegularizer()).isNotNull();
      assertThat(each.getConfig().keySet())
          .startsWith("name", "trainable", "dtype", "activity_regularizer");
      Layer copy = Layers.fromConfig("test", each.className(), each.getConfig());
      assertThat(copy.getConfig()).isEqualTo(each.getConfig());
      assertThat(copy.activityRegularizer()).isEqualTo(each.activityRegularizer());
    }
  }
}
