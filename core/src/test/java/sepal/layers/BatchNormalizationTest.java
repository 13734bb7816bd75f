package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.kernels.Parallel;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class BatchNormalizationTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void weights_come_in_the_order_of_keras_and_two_are_never_trained() {
    BatchNormalization layer = new BatchNormalization();
    layer.build(Shape.of(-1, 4, 3));

    assertThat(layer.weights())
        .extracting(Weight::path)
        .containsExactly(
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance");
    assertThat(layer.weights()).allMatch(weight -> weight.shape().equals(Shape.of(3)));
    assertThat(layer.trainableWeights()).extracting(Weight::name).containsExactly("gamma", "beta");
    assertThat(layer.nonTrainableWeights())
        .extracting(Weight::name)
        .containsExactly("moving_mean", "moving_variance");
    BatchNormalization bare = new BatchNormalization(o -> o.center(false).scale(false));
    bare.build(Shape.of(-1, 3));
    assertThat(bare.weights())
        .extracting(Weight::name)
        .containsExactly("moving_mean", "moving_variance");
  }

  @Test
  void null_initializers_give_the_documented_values() {
    BatchNormalization layer =
        new BatchNormalization(
            o ->
                o.gammaInitializer(null)
                    .betaInitializer(null)
                    .movingMeanInitializer(null)
                    .movingVarianceInitializer(null));
    layer.build(Shape.of(-1, 2));

    assertThat(layer.getWeights())
        .extracting(weight -> weight.get(0))
        .containsExactly(1.0, 0.0, 0.0, 1.0);
  }

  @Test
  void predictions_use_the_moving_averages_on_any_axis() {
    for (String dtype : List.of("float32", "float64")) {
      BatchNormalization layer = new BatchNormalization(o -> o.axis(1).epsilon(0.25).dtype(dtype));
      layer.build(Shape.of(-1, 2, 3));
      layer.setWeights(List.of(of(2, 3), of(10, 20), of(1, 0), of(0.75, 3.75)));

      Tensor y = layer.apply(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3));

      assertThat(y.dtype()).hasToString(dtype);
      assertThat(y.toFloatArray()).containsExactly(10, 12, 14, 26, 27.5f, 29);
    }
  }

  private static Tensor of(double... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void training_uses_the_batch_and_moves_the_averages() {
    BatchNormalization layer =
        new BatchNormalization(o -> o.momentum(0.75).epsilon(0).dtype("float64"));
    Tensor x = Tensor.of(new double[] {1, 10, 3, 30}, 2, 2);

    assertThat(layer.apply(x, true).doubles())
        .containsExactly(new double[] {-1, -1, 1, 1}, within(1e-12));

    assertThat(layer.getWeights().get(2).doubles()).containsExactly(0.5, 5);
    assertThat(layer.getWeights().get(3).doubles()).containsExactly(1, 25.75);
  }

  @Test
  void a_frozen_layer_predicts_even_in_training() {
    BatchNormalization layer = new BatchNormalization();
    Tensor x = Tensor.of(new float[] {1, 10, 3, 30}, 2, 2);
    layer.build(x.shape());
    List<Tensor> before = layer.getWeights();
    layer.setTrainable(false);

    assertThat(layer.apply(x, true).floats()).isEqualTo(layer.apply(x, false).floats());
    assertThat(layer.getWeights()).isEqualTo(before);
  }

  @Test
  void statistics_are_the_same_bits_for_any_number_of_threads() {
    long seed = 11;
    Random random = new Random(seed);
    float[] data = new float[4 * 9 * 9 * 37];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    Tensor x = Tensor.of(data, 4, 9, 9, 37);
    int threads = Parallel.threads();
    try {
      Parallel.setThreads(1);
      BatchNormalization one = new BatchNormalization();
      float[] alone = one.apply(x, true).floats();
      Parallel.setThreads(3);
      BatchNormalization three = new BatchNormalization();
      assertThat(three.apply(x, true).floats()).as("seed %d", seed).isEqualTo(alone);
      assertThat(three.getWeights().get(3).floats()).isEqualTo(one.getWeights().get(3).floats());
    } finally {
      Parallel.setThreads(threads);
    }
  }

  @Test
  void keras_keys_that_are_no_java_words_are_read_and_written() {
    Map<String, Object> config = new HashMap<>(new BatchNormalization().getConfig());
    config.put("synchronized", true);
    config.put("axis", List.of(3));

    BatchNormalization layer =
        (BatchNormalization) Layers.fromConfig("file", "BatchNormalization", config);

    assertThat(layer.config().axis()).isEqualTo(3);
    assertThat(layer.getConfig()).containsEntry("synchronized", true).containsEntry("axis", 3);
  }

  @Test
  void renormalization_is_refused() {
    assertThatThrownBy(
            () -> Layers.fromConfig("file", "BatchNormalization", Map.of("renorm", true)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            BatchNormalization: batch renormalization is not supported
              got:      renorm=true
              expected: renorm=false""");
  }

  @Test
  void inputs_that_do_not_fit_are_refused() {
    BatchNormalization layer = new BatchNormalization(o -> o.axis(2).name("bn"));

    assertThatThrownBy(() -> layer.computeOutputShape(Shape.of(4, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            BatchNormalization "bn": the input has no such axis
              got:      axis=2   (input (4, 4))
              expected: -2 to 1""");
    assertThatThrownBy(() -> layer.build(Shape.of(1, 4, -1)))
        .hasMessage(
            """
            BatchNormalization "bn": the number of input channels must be known
              got:      (1, 4, null)
              expected: a size on axis 2""");
    layer.build(Shape.of(-1, 4, 3));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 4, 5)))
        .hasMessage(
            """
            BatchNormalization "bn": wrong number of input channels
              got:      5   (input (1, 4, 5))
              expected: 3   (built on (null, 4, 3))
              fix:      feed 3 channels, or build a new layer for 5""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 4, 3, 2)))
        .hasMessage(
            """
            BatchNormalization "bn": wrong rank of the input
              got:      4   (input (1, 4, 3, 2))
              expected: 3   (built on (null, 4, 3))""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(0, 4, 3), true))
        .hasMessage(
            """
            BatchNormalization "bn": an empty batch has no statistics to train on
              got:      input (0, 4, 3)
              expected: one sample or more""");
    assertThat(layer.apply(Tensor.zeros(0, 4, 3)).shape()).isEqualTo(Shape.of(0, 4, 3));
  }
}
