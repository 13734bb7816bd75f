package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sepal.layers.Dense;
import sepal.layers.Flatten;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.SeparableConv2D;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Layers composed as in R: what comes back depends on what comes first. */
class ComposeTest {

  @Test
  void without_an_object_the_layer_is_returned() {
    SeparableConv2D layer = Compose.separableConv2d(32, 3, o -> o.strides(2));

    assertThat(layer.config().filters()).isEqualTo(32);
  }

  @Test
  void a_sequential_model_gets_the_layer_and_is_returned_itself() {
    Sequential model = new Sequential();
    Sequential returned = Compose.separableConv2d(model, 4, 3, o -> o.inputShape(9, 9, 3));

    assertThat(returned).isSameAs(model);
    assertThat(model.layers()).hasSize(1);
    assertThat(model.outputShape()).isEqualTo(Shape.of(-1, 7, 7, 4));
  }

  @Test
  void a_symbolic_tensor_gives_the_symbolic_output() {
    KerasTensor y = Compose.separableConv2d(Input.of(9, 9, 3), 4, 3, o -> {});

    assertThat(y.shape()).isEqualTo(Shape.of(-1, 7, 7, 4));
  }

  @Test
  void a_tensor_gives_the_output() {
    Tensor y = Compose.separableConv2d(Tensor.zeros(2, 9, 9, 3), 4, 3, o -> {});

    assertThat(y.shape()).isEqualTo(Shape.of(2, 7, 7, 4));
  }

  private static final int[] IMAGE = {9, 9, 3};
  private static final int[] VOLUME = {6, 5, 7, 2};
  private static final int[] STEPS = {9, 3};

  /** One factory with each of its four forms. */
  private record Sibling(
      Layer layer,
      int[] sample,
      Function<Sequential, Sequential> add,
      Function<KerasTensor, KerasTensor> symbolic,
      Function<Tensor, Tensor> eager) {}

  @TestFactory
  Stream<DynamicTest> every_sibling_has_the_same_forms() {
    return Stream.of(
            new Sibling(
                Compose.conv2d(4, 3, o -> {}),
                IMAGE,
                x -> Compose.conv2d(x, 4, 3, o -> {}),
                x -> Compose.conv2d(x, 4, 3, o -> {}),
                x -> Compose.conv2d(x, 4, 3, o -> {})),
            new Sibling(
                Compose.conv2dTranspose(4, 3, o -> {}),
                IMAGE,
                x -> Compose.conv2dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv2dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv2dTranspose(x, 4, 3, o -> {})),
            new Sibling(
                Compose.conv3d(4, 3, o -> {}),
                VOLUME,
                x -> Compose.conv3d(x, 4, 3, o -> {}),
                x -> Compose.conv3d(x, 4, 3, o -> {}),
                x -> Compose.conv3d(x, 4, 3, o -> {})),
            new Sibling(
                Compose.conv3dTranspose(4, 3, o -> {}),
                VOLUME,
                x -> Compose.conv3dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv3dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv3dTranspose(x, 4, 3, o -> {})),
            new Sibling(
                Compose.convLstm2d(4, 3, o -> {}),
                VOLUME,
                x -> Compose.convLstm2d(x, 4, 3, o -> {}),
                x -> Compose.convLstm2d(x, 4, 3, o -> {}),
                x -> Compose.convLstm2d(x, 4, 3, o -> {})),
            new Sibling(
                Compose.cropping3d(o -> {}),
                VOLUME,
                x -> Compose.cropping3d(x, o -> {}),
                x -> Compose.cropping3d(x, o -> {}),
                x -> Compose.cropping3d(x, o -> {})),
            new Sibling(
                Compose.upSampling3d(o -> {}),
                VOLUME,
                x -> Compose.upSampling3d(x, o -> {}),
                x -> Compose.upSampling3d(x, o -> {}),
                x -> Compose.upSampling3d(x, o -> {})),
            new Sibling(
                Compose.zeroPadding3d(o -> {}),
                VOLUME,
                x -> Compose.zeroPadding3d(x, o -> {}),
                x -> Compose.zeroPadding3d(x, o -> {}),
                x -> Compose.zeroPadding3d(x, o -> {})),
            new Sibling(
                Compose.depthwiseConv2d(3, o -> {}),
                IMAGE,
                x -> Compose.depthwiseConv2d(x, 3, o -> {}),
                x -> Compose.depthwiseConv2d(x, 3, o -> {}),
                x -> Compose.depthwiseConv2d(x, 3, o -> {})),
            new Sibling(
                Compose.conv1d(4, 3, o -> {}),
                STEPS,
                x -> Compose.conv1d(x, 4, 3, o -> {}),
                x -> Compose.conv1d(x, 4, 3, o -> {}),
                x -> Compose.conv1d(x, 4, 3, o -> {})),
            new Sibling(
                Compose.conv1dTranspose(4, 3, o -> {}),
                STEPS,
                x -> Compose.conv1dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv1dTranspose(x, 4, 3, o -> {}),
                x -> Compose.conv1dTranspose(x, 4, 3, o -> {})),
            new Sibling(
                Compose.separableConv1d(4, 3, o -> {}),
                STEPS,
                x -> Compose.separableConv1d(x, 4, 3, o -> {}),
                x -> Compose.separableConv1d(x, 4, 3, o -> {}),
                x -> Compose.separableConv1d(x, 4, 3, o -> {})),
            new Sibling(
                Compose.depthwiseConv1d(3, o -> {}),
                STEPS,
                x -> Compose.depthwiseConv1d(x, 3, o -> {}),
                x -> Compose.depthwiseConv1d(x, 3, o -> {}),
                x -> Compose.depthwiseConv1d(x, 3, o -> {})),
            new Sibling(
                Compose.cropping1d(o -> {}),
                STEPS,
                x -> Compose.cropping1d(x, o -> {}),
                x -> Compose.cropping1d(x, o -> {}),
                x -> Compose.cropping1d(x, o -> {})),
            new Sibling(
                Compose.cropping2d(o -> {}),
                IMAGE,
                x -> Compose.cropping2d(x, o -> {}),
                x -> Compose.cropping2d(x, o -> {}),
                x -> Compose.cropping2d(x, o -> {})),
            new Sibling(
                Compose.upSampling1d(o -> {}),
                STEPS,
                x -> Compose.upSampling1d(x, o -> {}),
                x -> Compose.upSampling1d(x, o -> {}),
                x -> Compose.upSampling1d(x, o -> {})),
            new Sibling(
                Compose.upSampling2d(o -> {}),
                IMAGE,
                x -> Compose.upSampling2d(x, o -> {}),
                x -> Compose.upSampling2d(x, o -> {}),
                x -> Compose.upSampling2d(x, o -> {})),
            new Sibling(
                Compose.zeroPadding1d(o -> {}),
                STEPS,
                x -> Compose.zeroPadding1d(x, o -> {}),
                x -> Compose.zeroPadding1d(x, o -> {}),
                x -> Compose.zeroPadding1d(x, o -> {})),
            new Sibling(
                Compose.zeroPadding2d(o -> {}),
                IMAGE,
                x -> Compose.zeroPadding2d(x, o -> {}),
                x -> Compose.zeroPadding2d(x, o -> {}),
                x -> Compose.zeroPadding2d(x, o -> {})))
        .map(sibling -> DynamicTest.dynamicTest(sibling.layer.className(), () -> check(sibling)));
  }

  private static void check(Sibling sibling) {
    Shape expected = sibling.layer.computeOutputShape(Shape.of(-1).concat(sibling.sample));
    Sequential model = new Sequential().add(Input.of(sibling.sample));

    assertThat(sibling.add.apply(model)).isSameAs(model);
    assertThat(model.outputShape()).isEqualTo(expected);
    assertThat(model.layers().get(0)).hasSameClassAs(sibling.layer);
    assertThat(sibling.symbolic.apply(Input.of(sibling.sample)).shape()).isEqualTo(expected);
    Tensor one = Tensor.zeros(Shape.of(1).concat(sibling.sample).toArray());
    assertThat(sibling.eager.apply(one).shape()).isEqualTo(expected.with(0, 1));
  }

  @Test
  void any_other_layer_composes_too() {
    Sequential model = new Sequential();

    assertThat(Compose.with(model, new Flatten(o -> o.inputShape(2, 2)))).isSameAs(model);
    assertThat(Compose.with(Input.of(3), new Dense(4)).shape()).isEqualTo(Shape.of(-1, 4));
    assertThat(Compose.with(Tensor.zeros(1, 3), new Dense(4)).shape()).isEqualTo(Shape.of(1, 4));
  }

  // ---- what a layer can be told at construction

  @Test
  void input_shape_may_be_unknown_where_data_will_tell() {
    Sequential model =
        Compose.separableConv2d(new Sequential(), 4, 3, o -> o.inputShape(-1, -1, 3));

    assertThat(model.inputShape()).isEqualTo(Shape.of(-1, -1, -1, 3));
    assertThat(model.predict(Tensor.zeros(1, 5, 6, 3)).shape()).isEqualTo(Shape.of(1, 3, 4, 4));
  }

  @Test
  void batch_input_shape_wins_over_input_shape_and_batch_size() {
    Sequential both =
        Compose.separableConv2d(
            new Sequential(),
            4,
            3,
            o -> o.inputShape(9, 9, 1).batchSize(5).batchInputShape(-1, 7, 7, 3));
    Sequential size =
        Compose.separableConv2d(new Sequential(), 4, 3, o -> o.inputShape(7, 7, 3).batchSize(5));

    assertThat(both.inputShape()).isEqualTo(Shape.of(-1, 7, 7, 3));
    assertThat(size.inputShape()).isEqualTo(Shape.of(5, 7, 7, 3));
  }

  @Test
  void dtype_name_and_trainable_are_kept() {
    SeparableConv2D layer =
        Compose.separableConv2d(4, 3, o -> o.dtype("float64").name("sep").trainable(false));
    Tensor y = layer.apply(Tensor.zeros(1, 5, 5, 3));

    assertThat(layer.name()).isEqualTo("sep");
    assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(layer.trainableWeights()).isEmpty();
  }

  @Test
  void weights_given_at_construction_are_set_once_the_layer_is_built() {
    Tensor depthwise = Tensor.full(DType.FLOAT32, Shape.of(1, 1, 3, 1), 2);
    Tensor pointwise = Tensor.full(DType.FLOAT32, Shape.of(1, 1, 3, 1), 5);
    List<Tensor> weights = List.of(depthwise, pointwise, Tensor.of(new float[] {7}, 1));
    Tensor ones = Tensor.full(DType.FLOAT32, Shape.of(1, 1, 1, 3), 1);

    assertThat(Compose.separableConv2d(ones, 1, 1, o -> o.weights(weights)).get(0)).isEqualTo(37);
    assertThatThrownBy(
            () ->
                Compose.separableConv2d(
                    ones, 1, 1, o -> o.name("sep").weights(weights.subList(0, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": wrong number of weights
              got:      2
              expected: 3
              fix:      give one tensor for each of [depthwise_kernel, pointwise_kernel, bias]""");
  }
}
