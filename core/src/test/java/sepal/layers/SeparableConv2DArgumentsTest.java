package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sepal.activations.Activations;
import sepal.config.KerasConfig;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.models.Sequential;
import sepal.regularizers.L2;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** What each argument of the layer does, one by one. */
class SeparableConv2DArgumentsTest {
  private static final Initializer TWO = (shape, dtype) -> Tensor.full(dtype, shape, 2);
  private static final Constraint ONE = w -> Tensor.full(w.dtype(), w.shape(), 1);

  private static Shape output(SeparableConv2D layer, int... input) {
    return layer.apply(Tensor.zeros(input)).shape();
  }

  private static SeparableConv2D layer(Consumer<SeparableConv2D.Options> options) {
    SeparableConv2D layer = new SeparableConv2D(2, 3, options);
    layer.build(Shape.of(-1, 8, 8, 3));
    return layer;
  }

  @Test
  void filters_is_the_number_of_output_channels() {
    assertThat(output(new SeparableConv2D(5, 3), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 6, 6, 5));
  }

  @Test
  void kernel_size_is_height_then_width() {
    SeparableConv2D wide = new SeparableConv2D(1, Dims.of(1, 5), o -> {});

    assertThat(output(wide, 1, 8, 8, 3)).isEqualTo(Shape.of(1, 8, 4, 1));
    assertThat(output(new SeparableConv2D(1, 3), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 6, 6, 1));
  }

  @Test
  void strides_may_differ() {
    assertThat(output(layer(o -> o.strides(2)), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 3, 3, 2));
    assertThat(output(layer(o -> o.strides(2, 1)), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 3, 6, 2));
  }

  @Test
  void padding_is_valid_or_same_in_any_case() {
    assertThat(output(layer(o -> o.padding("SAME")), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 8, 8, 2));
    assertThat(output(layer(o -> o.padding(Padding.VALID)), 1, 8, 8, 3))
        .isEqualTo(Shape.of(1, 6, 6, 2));
    assertThatThrownBy(() -> new SeparableConv2D(2, 3, o -> o.padding("causal")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void same_padding_with_strides_gives_the_size_divided_by_them() {
    assertThat(output(layer(o -> o.padding("same").strides(3)), 1, 8, 8, 3))
        .isEqualTo(Shape.of(1, 3, 3, 2));
  }

  @Test
  void data_format_moves_the_channels() {
    SeparableConv2D first = new SeparableConv2D(2, 3, o -> o.dataFormat("channels_first"));

    assertThat(output(first, 1, 3, 8, 7)).isEqualTo(Shape.of(1, 2, 6, 5));
    assertThat(layer(o -> {}).config().dataFormat()).isEqualTo(KerasConfig.imageDataFormat());
    assertThat(layer(o -> o.dataFormat((String) null)).config().dataFormat())
        .isEqualTo(DataFormat.CHANNELS_LAST);
  }

  @Test
  void dilation_rate_widens_the_window() {
    assertThat(output(layer(o -> o.dilationRate(2)), 1, 8, 8, 3)).isEqualTo(Shape.of(1, 4, 4, 2));
    assertThat(output(layer(o -> o.dilationRate(1, 3)), 1, 8, 8, 3))
        .isEqualTo(Shape.of(1, 6, 2, 2));
  }

  @Test
  void strides_and_dilation_exclude_each_other_unless_asked_for() {
    assertThatThrownBy(() -> new SeparableConv2D(2, 3, o -> o.strides(2).dilationRate(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(output(layer(o -> o.strides(2).dilationRate(2).allowStridedDilation()), 1, 8, 8, 3))
        .isEqualTo(Shape.of(1, 2, 2, 2));
  }

  @Test
  void depth_multiplier_is_the_number_of_channels_made_of_each() {
    SeparableConv2D layer = layer(o -> o.depthMultiplier(4));

    assertThat(layer.weights().get(0).shape()).isEqualTo(Shape.of(3, 3, 3, 4));
    assertThat(layer.weights().get(1).shape()).isEqualTo(Shape.of(1, 1, 12, 2));
  }

  @Test
  void activation_is_linear_unless_given() {
    Tensor x = Tensor.full(DType.FLOAT32, Shape.of(1, 1, 1, 1), -3);
    Consumer<SeparableConv2D.Options> ones =
        o -> o.depthwiseInitializer("ones").pointwiseInitializer("ones");

    assertThat(new SeparableConv2D(1, 1, ones).apply(x).get(0)).isEqualTo(-3);
    assertThat(new SeparableConv2D(1, 1, ones.andThen(o -> o.activation("relu"))).apply(x).get(0))
        .isEqualTo(0);
    assertThat(layer(o -> o.activation((String) null)).config().activation())
        .isSameAs(Activations.LINEAR);
  }

  @Test
  void use_bias_adds_a_weight() {
    assertThat(layer(o -> {}).weights()).hasSize(3);
    assertThat(layer(o -> o.useBias(false)).weights()).hasSize(2);
  }

  private static void startsAt(
      int weight, double value, Consumer<SeparableConv2D.Options> options) {
    assertThat(layer(options).getWeights().get(weight).toDoubleArray()).containsOnly(value);
  }

  @Test
  void depthwise_initializer_gives_the_first_values() {
    startsAt(0, 2, o -> o.depthwiseInitializer(TWO));
    startsAt(0, 1, o -> o.depthwiseInitializer("ones"));
    assertThat(Initializers.get("test", "glorot_uniform"))
        .hasSameClassAs(layer(o -> {}).config().depthwiseInitializer());
  }

  @Test
  void pointwise_initializer_gives_the_first_values() {
    startsAt(1, 2, o -> o.pointwiseInitializer(TWO));
    assertThat(Initializers.get("test", "glorot_uniform"))
        .hasSameClassAs(layer(o -> {}).config().pointwiseInitializer());
  }

  @Test
  void bias_initializer_gives_the_first_values() {
    startsAt(2, 2, o -> o.biasInitializer(TWO));
    startsAt(2, 0, o -> {});
    startsAt(2, 0, o -> o.biasInitializer(null));
  }

  private static void costs(double penalty, Consumer<SeparableConv2D.Options> options) {
    assertThat(layer(options.andThen(o -> o.biasInitializer(TWO))).losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.get(0)).isEqualTo(penalty));
  }

  @Test
  void depthwise_regularizer_is_a_penalty() {
    costs(27, o -> o.depthwiseInitializer("ones").depthwiseRegularizer(new L2(1)));
  }

  @Test
  void pointwise_regularizer_is_a_penalty() {
    costs(24, o -> o.pointwiseInitializer(TWO).pointwiseRegularizer(new L2(1)));
  }

  @Test
  void bias_regularizer_is_a_penalty() {
    costs(8, o -> o.biasRegularizer(new L2(1)));
  }

  @Test
  void activity_regularizer_is_a_penalty_on_the_output() {
    SeparableConv2D layer = layer(o -> o.biasInitializer(TWO).activityRegularizer(new L2(1)));
    try (LossScope scope = new LossScope()) {
      layer.apply(Tensor.zeros(2, 3, 3, 3));

      assertThat(layer.losses()).singleElement().satisfies(x -> assertThat(x.get(0)).isEqualTo(8));
    }
    assertThat(layer.activityRegularizer()).isEqualTo(new L2(1));
  }

  private static void obeys(int weight, Consumer<SeparableConv2D.Options> options) {
    Sequential model =
        new Sequential(new SeparableConv2D(2, 3, options.andThen(o -> o.inputShape(3, 3, 3))));
    model.compile("sgd", "mse");
    model.trainOnBatch(
        Tensor.full(DType.FLOAT32, Shape.of(1, 3, 3, 3), 1), Tensor.zeros(1, 1, 1, 2));

    assertThat(model.getWeights().get(weight).toDoubleArray()).containsOnly(1);
  }

  @Test
  void depthwise_constraint_is_obeyed_after_updates() {
    obeys(0, o -> o.depthwiseConstraint(ONE));
  }

  @Test
  void pointwise_constraint_is_obeyed_after_updates() {
    obeys(1, o -> o.pointwiseConstraint(ONE));
  }

  @Test
  void bias_constraint_is_obeyed_after_updates() {
    obeys(2, o -> o.biasConstraint(ONE));
  }

  @Test
  void an_option_that_is_null_has_its_default() {
    assertThat(layer(o -> o.name(null).dtype((String) null).batchSize(null)).dtype())
        .isEqualTo(DType.FLOAT32);
  }
}
