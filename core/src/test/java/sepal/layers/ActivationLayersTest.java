package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.regularizers.L1L2;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class ActivationLayersTest {
  private static final Tensor X = Tensor.of(new double[] {-2, -0.5, 0, 0.25, 3}, 1, 5);

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void an_activation_may_be_a_name_or_a_function_or_nothing() {
    assertThat(new Activation("relu").apply(X).toDoubleArray()).containsExactly(0, 0, 0, 0.25, 3);
    sepal.activations.Activation twice = x -> sepal.ops.Ops.add(x, x);
    assertThat(new Activation(twice).apply(X).toDoubleArray()).containsExactly(-4, -1, 0, 0.5, 6);
    assertThat(new Activation((String) null).apply(X).toDoubleArray())
        .containsExactly(X.toDoubleArray());
    assertThat(new Activation("relu", o -> o.name("a")).getConfig())
        .containsEntry("activation", "relu");
  }

  @Test
  void an_unknown_activation_is_refused() {
    assertThatThrownBy(() -> new Activation("relv", o -> o.name("a")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(
            """
            Activation "a": unknown activation
              got:      "relv" (did you mean "relu"?)
              expected: one of """);
  }

  @Test
  void relu_has_a_slope_a_threshold_and_a_limit() {
    Layer layer =
        new ReLU(o -> o.negativeSlope(0.5).threshold(0.25).maxValue(2.0).dtype("float64"));
    assertThat(layer.apply(X).doubles()).containsExactly(-1.125, -0.375, -0.125, 0, 2);
    assertThat(new ReLU().apply(X).toDoubleArray()).containsExactly(0, 0, 0, 0.25, 3);
    assertThat(new ReLU(o -> o.maxValue(0.5)).apply(X).toDoubleArray())
        .containsExactly(0, 0, 0, 0.25, 0.5);
  }

  @Test
  void relu_keeps_nan_and_the_infinite() {
    Tensor x = Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, -0f, -1f}, 1, 4);
    assertThat(new ReLU().apply(x).floats()).containsExactly(Float.NaN, 1f / 0, 0f, 0f);
    assertThat(new ReLU(o -> o.maxValue(6.0)).apply(x).floats())
        .containsExactly(Float.NaN, 6f, 0f, 0f);
  }

  @Test
  void the_arguments_of_relu_must_not_be_negative() {
    assertRefused(() -> new ReLU(o -> o.maxValue(-1.0)), "ReLU", "maxValue", "-1.0");
    assertRefused(() -> new ReLU(o -> o.negativeSlope(-1)), "ReLU", "negativeSlope", "-1.0");
    assertRefused(() -> new ReLU(o -> o.threshold(Double.NaN)), "ReLU", "threshold", "NaN");
    assertRefused(() -> new LeakyReLU(-0.5), "LeakyReLU", "negativeSlope", "-0.5");
    assertRefused(
        () -> new ActivityRegularization(o -> o.l2(-1)), "ActivityRegularization", "l2", "-1.0");
  }

  private static void assertRefused(Runnable make, String layer, String argument, String value) {
    assertThatThrownBy(make::run)
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            %s: %s must not be negative
              got:      %s=%s
              expected: 0 or more"""
                .formatted(layer, argument, argument, value));
  }

  @Test
  void leaky_relu_and_elu_compute_below_zero_in_the_type_of_the_layer() {
    assertThat(new LeakyReLU().apply(X).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(new LeakyReLU(o -> o.dtype("float64")).apply(X).doubles())
        .containsExactly(0.3 * -2, 0.3 * -0.5, 0, 0.25, 3);
    assertThat(new ELU(o -> o.alpha(0.5).dtype("float64")).apply(X).doubles())
        .containsExactly(0.5 * Math.expm1(-2), 0.5 * Math.expm1(-0.5), 0, 0.25, 3);
  }

  @Test
  void prelu_has_a_slope_for_each_place_that_does_not_share_it() {
    PReLU layer = new PReLU(o -> o.sharedAxes(1, 2).dtype("float64"));
    layer.build(Shape.of(-1, -1, -1, 2));
    layer.setWeights(List.of(Tensor.of(new double[] {0.5, 2}, 1, 1, 2)));

    Tensor y = layer.apply(Tensor.of(new double[] {-1, -1, 1, 1, -3, -3}, 1, 3, 1, 2));

    assertThat(y.doubles()).containsExactly(-0.5, -2, 1, 1, -1.5, -6);
    assertThat(layer.weights().get(0).path()).isEqualTo("p_re_lu/alpha");
    assertThat(layer.computeOutputShape(Shape.of(-1, -1, 4, 2))).isEqualTo(Shape.of(-1, -1, 4, 2));
  }

  @Test
  void prelu_wants_known_sizes_or_shared_axes() {
    assertThatThrownBy(() -> new PReLU(o -> o.name("p")).build(Shape.of(-1, -1, -1, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            PReLU "p": alpha needs the size of each axis that does not share it
              got:      (null, null, null, 2)
              fix:      share the unknown axes, for example sharedAxes(1, 2) for images""");
    assertThatThrownBy(() -> new PReLU(o -> o.sharedAxes(0, 1)).build(Shape.of(-1, 2, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            PReLU "p_re_lu": sharedAxes names an axis that a sample does not have
              got:      sharedAxes=[0, 1]   (input (null, 2, 2))
              expected: axes from 1 to 2""");
  }

  @Test
  void prelu_refuses_samples_of_another_shape() {
    Layer layer = new PReLU(o -> o.name("p"));
    layer.build(Shape.of(-1, 2, 3));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            PReLU "p": the input does not fit alpha
              got:      (1, 2, 4)
              expected: a batch of samples that (2, 3) stretches to""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3))).isInstanceOf(InvalidArgument.class);
  }

  @Test
  void softmax_runs_along_one_axis_or_over_several() {
    Tensor x = Tensor.zeros(1, 2, 4);
    assertThat(new Softmax().apply(x).floats()).containsOnly(0.25f);
    assertThat(new Softmax(o -> o.axis(1)).apply(x).floats()).containsOnly(0.5f);
    assertThat(new Softmax(o -> o.axis(-1, 1)).apply(x).floats()).containsOnly(0.125f);
    assertThat(new Softmax(o -> o.axis(1)).getConfig()).containsEntry("axis", 1);
    assertThat(new Softmax(o -> o.axis(1, 2)).getConfig()).containsEntry("axis", List.of(1, 2));
  }

  @Test
  void softmax_wants_an_axis_that_exists() {
    assertThatThrownBy(() -> new Softmax(o -> o.axis()))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Softmax: softmax needs an axis
              got:      axis=[]
              expected: an integer or a list of integers, for example -1""");
    assertThatThrownBy(() -> new Softmax(o -> o.axis(2)).apply(Tensor.zeros(1, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("axis=2 for shape (1, 2)");
  }

  @Test
  void activity_regularization_passes_on_and_keeps_its_penalty() {
    Layer layer = new ActivityRegularization(o -> o.l1(0.1).l2(0.2).name("r"));
    assertThat(layer.apply(X).toFloatArray()).containsExactly(X.toFloatArray());
    assertThat(layer.activityRegularizer()).isEqualTo(new L1L2(0.1, 0.2));
    assertThat(layer.getConfig())
        .containsEntry("l1", 0.1)
        .containsEntry("l2", 0.2)
        .doesNotContainKey("activity_regularizer");
  }

  @Test
  void identity_keeps_integers() {
    Tensor x = Tensor.of(new int[] {1, 2}, 1, 2);
    assertThat(new Identity().apply(x)).isSameAs(x);
    assertThat(new Identity().apply(Input.of(o -> o.shape(2).dtype("int32"))).dtype())
        .isEqualTo(DType.INT32);
  }

  @Test
  void names_are_those_of_keras() {
    assertThat(List.of(new ReLU(), new PReLU(), new ELU(), new LeakyReLU(), new Softmax()))
        .extracting(Layer::name)
        .containsExactly("re_lu", "p_re_lu", "elu", "leaky_re_lu", "softmax");
    assertThat(Map.copyOf(new Identity().getConfig())).containsEntry("name", "identity");
  }
}
